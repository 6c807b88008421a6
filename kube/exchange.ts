/**
 * One HTTP request and its response. Whatever happens first (answer, reset, deadline, abort, close of the transport)
 * decides; the rest is released at once: timer, listener and, unless the body was read to its end, the connection.
 */
import type http from "node:http";
import type { Clock } from "./clock.ts";
import { TransportError } from "./errors.ts";
import { ResponseBody } from "./response-body.ts";
import type { TransportRequest, TransportResponse } from "./transport.ts";

/** Ends one exchange with this error, whatever state it is in. */
export type Fail = (why: TransportError) => void;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Makes the request, not yet sent, on a connection of the pool. */
  readonly open: () => http.ClientRequest;
  /** The exchanges of a transport, for the day it is closed. */
  readonly underWay: Set<Fail>;
}

/** @throws TransportError when no answer came; one that breaks off fails its body */
export function exchange(request: TransportRequest, options: ExchangeOptions): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const { clock, timeoutMs, underWay } = options;
    const outgoing = options.open();
    let body: ResponseBody | undefined;

    const fail: Fail = (why) => {
      release();
      reject(why);
      body?.fail(why);
      outgoing.destroy();
    };
    const onAbort = (): void => fail(failure(request, "stopped by the caller", request.signal?.reason));
    const cancelTimer = clock.after(timeoutMs, () => fail(failure(request, `no answer within ${timeoutMs} ms`)));
    const release = (): void => {
      cancelTimer();
      request.signal?.removeEventListener("abort", onAbort);
      underWay.delete(fail);
    };

    underWay.add(fail);
    request.signal?.addEventListener("abort", onAbort);
    outgoing.on("error", (cause) => {
      if (!underWay.has(fail)) return;
      if (body === undefined && request.method === "GET" && outgoing.reusedSocket) {
        // The server closed an idle connection while we took it from the pool; reading again is harmless.
        release();
        resolve(exchange(request, options));
      } else fail(failure(request, cause.message, cause));
    });
    outgoing.on("response", (response) => {
      if (request.stream) cancelTimer();
      body = new ResponseBody(response, release, (cause) => failure(request, "the answer broke off", cause));
      resolve({ status: response.statusCode ?? 0, headers: plainHeaders(response), body });
    });
    // Of a DELETE, Node would send the body with neither length nor chunks: the server takes it for the next request.
    if (request.body !== undefined) outgoing.setHeader("content-length", Buffer.byteLength(request.body));
    outgoing.end(request.body);
  });
}

/** An error that says which request it was. */
export function failure(request: TransportRequest, what: string, cause?: unknown): TransportError {
  return new TransportError(`${request.method} ${request.path}: ${what}`, { cause });
}

/** Set-Cookie, the only header that node gives as a list, is of no use here. */
function plainHeaders(response: http.IncomingMessage): Readonly<Record<string, string>> {
  delete response.headers["set-cookie"];
  return response.headers as Record<string, string>;
}
