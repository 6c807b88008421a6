/**
 * Which namespaces this installation serves. Where it watches some only, it knows nothing of the others, and says so
 * instead of answering that there are no tasks. It says it to those who may ask about the namespace, and to nobody else.
 */
import type { RequestHandler } from "express";
import { isWatched } from "../traintask/watched.ts";
import type { Rule } from "./access/verbs.ts";
import type { Api } from "./api.ts";
import { Problem } from "./problem.ts";

type Needs = { readonly settings: Pick<Api["settings"], "addTask" | "watchNamespaces"> };
type RuleForPeople = Rule & { readonly who: "permitted" };

const hints = {
  query: "?namespace= names one.",
  template: "GET /AddTask submits to the namespace of its template, metadata.namespace.",
} as const;

/** Goes behind the guard of a route. The fence asks the same about pods. */
export function servedOnly(api: Needs, rule: Rule): RequestHandler {
  if (rule.who !== "permitted") return (_request, _response, next) => next();
  const hint = rule.namespace === "template" ? hints.template : hints.query;
  return ({ query }, _response, next) => {
    const namespace = namespaceOf(api, rule, query["namespace"]);
    if (namespace !== undefined) checkServed(api, namespace, hint);
    next();
  };
}

/** @throws Problem 404 for a namespace that is not watched */
export function checkServed({ settings }: Needs, namespace: string, hint: string = hints.query): void {
  const { watchNamespaces } = settings;
  if (isWatched(watchNamespaces, namespace)) return;
  throw new Problem({
    status: 404,
    detail: `This installation does not serve namespace ${namespace}, but ${watchNamespaces.join(", ")}. ${hint}`,
    errors: [{ parameter: "namespace", detail: "not served by this installation" }],
  });
}

/** The namespace that a request is about; undefined for all, for one that the body names, and for what cannot be one. */
function namespaceOf({ settings }: Needs, { namespace: source }: RuleForPeople, given: unknown): string | undefined {
  if (source === "template") return settings.addTask.metadata?.namespace ?? "default";
  if (given !== undefined) return typeof given === "string" ? given : undefined;
  return source === "query" ? "default" : undefined;
}
