/**
 * Who may make which call. For people the answer is Kubernetes' own: each call stands for a verb on
 * `traintasks.traintask.dev` or one of its subresources, so that one Role serves HTTP and kubectl alike. A call that
 * does not stand here is not served.
 */
import type { Method } from "../routes.ts";

export type Verb = "create" | "get" | "list" | "patch" | "delete";
export type Subresource = "logs" | "model" | "report" | "trials" | "predict";

/**
 * Where a call says which namespace it is about: `query`: as `?namespace=`, `default` without; `query or all`: the
 * same, and all of them without; `query or body`: in the task that is sent, unless the query says it before;
 * `template`: in the task that GET /AddTask submits.
 */
export type NamespaceSource = "query" | "query or all" | "query or body" | "template";

export type Rule =
  /** Nobody is asked. */
  | { readonly who: "anyone" }
  /** The pod of the task's current attempt: its endpoint asks the fence before it reads the body. */
  | { readonly who: "pod" }
  | {
      readonly who: "permitted";
      readonly verb: Verb;
      readonly subresource?: Subresource;
      readonly namespace: NamespaceSource;
    };

const may = (verb: Verb, namespace: NamespaceSource = "query"): Rule => ({ who: "permitted", verb, namespace });
const mayUse = (verb: Verb, subresource: Subresource): Rule => ({ ...may(verb), subresource }) as Rule;
const pod: Rule = { who: "pod" };
const anyone: Rule = { who: "anyone" };

export const rules: Readonly<Record<string, Rule>> = {
  "get /AddTask": may("create", "template"),
  "get /RunningTaskCount": may("list", "query or all"),

  "post /v1/tasks": may("create", "query or body"),
  "get /v1/tasks": may("list"),
  "get /v1/tasks/:name": may("get"),
  "patch /v1/tasks/:name": may("patch"),
  "delete /v1/tasks/:name": may("delete"),
  "post /v1/tasks/:name/cancel": may("patch"),
  "post /v1/tasks/:name/suspend": may("patch"),
  "post /v1/tasks/:name/resume": may("patch"),
  "get /v1/tasks/:name/logs": mayUse("get", "logs"),
  "get /v1/tasks/:name/model": mayUse("get", "model"),
  "get /v1/tasks/:name/report": mayUse("get", "report"),
  "get /v1/tasks/:name/trials": mayUse("get", "trials"),
  "post /v1/tasks/:name/predict": mayUse("create", "predict"),
  "get /v1/counts": may("list", "query or all"),

  // Datasets have no resource of their own: they are there for tasks, so who may do it with tasks may do it with them.
  "put /v1/datasets": may("create"),
  "get /v1/datasets": may("list"),
  "delete /v1/datasets/:digest": may("delete"),

  "post /v1/tasks/:name/progress": pod,
  "put /v1/tasks/:name/model": pod,
  "put /v1/tasks/:name/streams/:stream/:shard": pod,
  "get /v1/tasks/:name/streams/:stream/:shard": pod,
  "get /v1/datasets/:digest": pod,

  "get /openapi.json": may("list"),
  "get /healthz": anyone,
  "get /readyz": anyone,
};

/** @throws TypeError for a call without a rule: a mistake of the programmer, found when the server starts */
export function ruleFor({ method, path }: { readonly method: Method; readonly path: string }): Rule {
  const rule = Object.hasOwn(rules, `${method} ${path}`) ? rules[`${method} ${path}`] : undefined;
  if (rule === undefined) throw new TypeError(`api/access/verbs.ts does not say who may ${method} ${path}`);
  return rule;
}
