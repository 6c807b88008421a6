/**
 * Access as Kubernetes decides it: a TokenReview says who bears the request's token, a SubjectAccessReview whether
 * they may. Each answer serves for 10 s at most, so a right that was taken away is gone 10 s later. A refusal serves
 * for 1 s: who hammers costs little, who was just given the right waits little.
 */
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import * as z from "zod";
import type { KubeClient, TokenIdentity } from "../../kube/client.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { group, trainTasks } from "../../traintask/names.ts";
import { bearerToken } from "../bearer.ts";
import { Problem } from "../problem.ts";
import { optionalNamespace, pathVariable, readQuery } from "../query.ts";
import type { Access, Permission } from "./access.ts";
import { audit } from "./audit.ts";
import { remembered } from "./remembered.ts";
import { reviewed } from "./reviewed.ts";
import { TooManyStrangers } from "./stranger-limit.ts";
import type { StrangerLimit } from "./stranger-limit.ts";
import type { Rule } from "./verbs.ts";

/** A token may be made for this API alone: `kubectl create token alice --audience traintask.dev`. */
export const audience = group;

const keepMs = 10_000;
const keepRefusalMs = 1000;
const maxEntries = 10_000;
/** Shorter than the life of an answer: one that comes later is not worth waiting for. */
const timeoutMs = 5000;

export interface KubernetesAccessOptions {
  readonly client: Pick<KubeClient, "reviewToken" | "reviewAccess">;
  readonly clock: Clock;
  readonly log: Log;
  readonly strangers: StrangerLimit;
  /** Where GET /AddTask submits. */
  readonly templateNamespace: string;
}

type Decision = Awaited<ReturnType<KubeClient["reviewAccess"]>>;

type Authenticate = (request: Request) => Promise<{ readonly user: TokenIdentity; readonly key: string }>;

export function kubernetesAccess(options: KubernetesAccessOptions): Access {
  const { client, clock, log } = options;
  const authenticate = authenticator(options);
  const decisions = remembered<Decision>({
    clock,
    maxEntries,
    keepMs: ({ allowed }) => (allowed ? keepMs : keepRefusalMs),
  });

  const authorize = async (request: Request, permission: Permission): Promise<void> => {
    const { user, key } = await authenticate(request);
    const question = { user, group, resource: trainTasks.plural, ...permission };
    const { allowed, reason } = await decisions(`${key} ${JSON.stringify(permission)}`, () =>
      reviewed(client.reviewAccess(question, { timeoutMs })),
    );
    audit(log, request, { user: user.username, ...permission, allowed, ...(reason === undefined ? {} : { reason }) });
    if (!allowed) throw forbidden(user, permission);
  };

  return {
    authorize,
    guard: (rule): RequestHandler => {
      if (rule.who !== "permitted") return (_request, _response, next) => next();
      return async (request, _response, next) => {
        // First who, then what: to a stranger, a request that makes no sense is no different from one that does.
        await authenticate(request);
        const permission = permissionOf(request, rule, options.templateNamespace);
        if (permission !== undefined) await authorize(request, permission);
        next();
      };
    },
  };
}

/** Answers who bears the request's token; throws a Problem 401 for nobody, 429 for one stranger too many. */
function authenticator({ client, clock, log, strangers }: KubernetesAccessOptions): Authenticate {
  const identities = remembered<TokenIdentity | undefined>({
    clock,
    maxEntries,
    keepMs: (identity) => (identity === undefined ? keepRefusalMs : keepMs),
  });
  return async (request) => {
    const token = bearerToken(request);
    const refuse = (reason: string): Problem => {
      audit(log, request, { allowed: false, reason });
      return unauthenticated(token);
    };
    if (token === undefined) throw refuse("no token");
    const key = createHash("sha256").update(token).digest("hex");
    const stranger = { key, from: request.socket.remoteAddress };
    const question = (): Promise<TokenIdentity | undefined> => reviewed(identify(client, token));
    const user = await identities(key, () => strangers.review(stranger, question)).catch((error: unknown) => {
      if (error instanceof TooManyStrangers) audit(log, request, { allowed: false, reason: error.message });
      throw error;
    });
    if (user === undefined) throw refuse("the token is not valid, or not for this API");
    return { user, key };
  };
}

/** First as a token for the API server itself, which is what most people have, then as one made for this API. */
async function identify(client: KubernetesAccessOptions["client"], token: string): Promise<TokenIdentity | undefined> {
  const call = { timeoutMs };
  return (await client.reviewToken(token, [], call)) ?? (await client.reviewToken(token, [audience], call));
}

/** The endpoint knows what else there may be in the query. */
const namespaceQuery = z.looseObject({ namespace: optionalNamespace });

/** What a request asks for; undefined when only its body can tell. */
function permissionOf(
  request: Request,
  { verb, subresource, namespace: source }: Rule & { who: "permitted" },
  templateNamespace: string,
): Permission | undefined {
  const given = source === "template" ? templateNamespace : readQuery(request, namespaceQuery).namespace;
  if (given === undefined && source === "query or body") return undefined;
  const namespace = given ?? (source === "query" ? "default" : undefined);
  const name = pathVariable(request, "name");
  return {
    verb,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === "" ? {} : { name }),
  };
}

function unauthenticated(token: string | undefined): Problem {
  const said =
    token === undefined ? "This call needs a token" : "The token is not valid, has expired, or is not for this API";
  return new Problem({
    status: 401,
    detail: `${said}: send one that Kubernetes knows as "Authorization: Bearer <token>". "kubectl create token <service account> --audience ${audience}" makes one.`,
    headers: { "www-authenticate": token === undefined ? "Bearer" : 'Bearer error="invalid_token"' },
  });
}

function forbidden(user: TokenIdentity, { verb, subresource, namespace, name }: Permission): Problem {
  const resource = `${trainTasks.plural}.${group}${subresource === undefined ? "" : `/${subresource}`}`;
  const which = name === undefined ? "" : ` "${name.slice(0, 100)}"`;
  const where =
    namespace === undefined ? "in all namespaces (?namespace= asks about one)" : `in namespace ${namespace}`;
  return new Problem({
    status: 403,
    detail: `${user.username} may not ${verb} ${resource}${which} ${where}: a Role or ClusterRole must allow it.`,
  });
}
