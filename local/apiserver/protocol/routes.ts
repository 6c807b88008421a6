/** The sitemap of the server: which part answers which request. An error becomes a Status; none escapes. */
import type { Log } from "../../../kube/log.ts";
import type { TransportRequest, TransportResponse } from "../../../kube/transport.ts";
import { StatusError, unknownResource } from "../status.ts";
import type { Machine } from "../writes.ts";
import { failure, respond, type Answer } from "./answer.ts";
import { maxBodyBytes, tooLarge } from "./body.ts";
import { serveObjects } from "./objects.ts";
import { parseAddress, parseTarget } from "./request.ts";

/** Everything that requests are answered from. */
export interface Serving extends Machine {
  readonly log: Log;
}

export function createRoutes(serving: Serving): (request: TransportRequest) => Promise<TransportResponse> {
  return async (request) => {
    try {
      return respond(await route(serving, request));
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

function route(serving: Serving, request: TransportRequest): Answer | Promise<Answer> {
  const { segments, query } = parseAddress(request);
  const { method, headers = {}, signal = new AbortController().signal } = request;
  const body =
    typeof request.body === "string" ? new TextEncoder().encode(request.body) : (request.body ?? new Uint8Array());
  if (body.length > maxBodyBytes) throw tooLarge();
  const target = parseTarget(segments, serving.kinds);
  if (target === undefined) throw unknownResource();
  return serveObjects(serving, { ...target, method, query, headers, body, signal });
}
