/**
 * The door: what stands before every endpoint. On a person's own machine it is open (the server then listens on
 * 127.0.0.1 only, and refuses pages from elsewhere); in a cluster it asks Kubernetes (kubernetes-access.ts).
 */
import type { Request, RequestHandler } from "express";
import type { Rule, Subresource, Verb } from "./verbs.ts";

/** Something that one may or may not do with tasks. */
export interface Permission {
  readonly verb: Verb;
  readonly subresource?: Subresource;
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  /** Absent: with any of them. */
  readonly name?: string;
}

export interface Access {
  /** Goes before the endpoint of a route and lets nobody by who may not make the call; reads nothing of the body. */
  guard(rule: Rule): RequestHandler;
  /**
   * For an endpoint that learns only from the body what is asked of it.
   * @throws Problem 401 when nobody known asks, 403 when they may not
   */
  authorize(request: Request, permission: Permission): Promise<void>;
}

export const openAccess: Access = {
  guard: () => (_request, _response, next) => next(),
  authorize: () => Promise.resolve(),
};
