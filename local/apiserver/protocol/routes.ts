/** The sitemap of the server: which part answers which request. An error becomes a Status; none escapes. */
import type { Log } from "../../../kube/log.ts";
import type { TransportRequest, TransportResponse } from "../../../kube/transport.ts";
import { methodNotAllowed, StatusError, unknownResource } from "../status.ts";
import type { Tokens } from "../tokens/issue.ts";
import type { Machine } from "../writes.ts";
import { failure, ok, respond, type Answer } from "./answer.ts";
import { maxBodyBytes, tooLarge } from "./body.ts";
import { discoveryDocument } from "./discovery.ts";
import { serveLog, type LogSource } from "./logs.ts";
import { serveObjects } from "./objects.ts";
import { openApiDocument } from "./openapi.ts";
import { parseAddress, parseTarget, type ResourceRequest } from "./request.ts";
import { reviewAt, serveReview, serveTokenRequest } from "./reviews.ts";

/** Everything that requests are answered from. */
export interface Serving extends Machine {
  readonly log: Log;
  readonly tokens: Tokens;
  readonly logs: LogSource;
}

export function createRoutes(serving: Serving): (request: TransportRequest) => Promise<TransportResponse> {
  // oxlint-disable-next-line require-await -- callers rely on a promise; nothing here has to wait
  return async (request) => {
    try {
      return respond(route(serving, request));
    } catch (error) {
      if (error instanceof StatusError) return respond(failure(error));
      serving.log.error({ error, method: request.method, path: request.path }, "request failed");
      return respond(failure(internalError(error)));
    }
  };
}

const internalError = (error: unknown): StatusError =>
  new StatusError({
    code: 500,
    reason: "InternalError",
    message: `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  });

const health = new Set(["/healthz", "/livez", "/readyz"]);

function route(serving: Serving, request: TransportRequest): Answer {
  const { path, segments, query } = parseAddress(request);
  const { method, headers = {}, signal = new AbortController().signal } = request;
  const body = bytes(request.body);
  if (body.length > maxBodyBytes) throw tooLarge();
  const review = reviewAt(segments);
  if (review !== undefined) return serveReview(review, { method, query, headers, body }, serving.tokens);
  const target = parseTarget(segments, serving.kinds);
  if (target !== undefined) return serveTarget(serving, { ...target, method, query, headers, body, signal });
  const document = discoveryDocument(segments, serving.kinds) ?? openApiDocument(segments, serving.kinds);
  if (document === undefined && !health.has(path)) throw unknownResource();
  if (method !== "GET") throw methodNotAllowed();
  return document === undefined ? { status: 200, text: "ok" } : ok(document);
}

const bytes = (body: TransportRequest["body"]): Uint8Array =>
  typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array());

function serveTarget(serving: Serving, request: ResourceRequest): Answer {
  const { kind, name, subresource, method } = request;
  if (name !== undefined && kind.id === "pods" && subresource === "log") {
    if (method !== "GET") throw methodNotAllowed();
    return serveLog(serving, { ...request, name }, serving.logs);
  }
  if (name !== undefined && kind.id === "serviceaccounts" && subresource === "token") {
    return serveTokenRequest({ ...request, name }, serving.tokens);
  }
  return serveObjects(serving, request);
}
