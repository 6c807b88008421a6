/**
 * The Transport to a real server: node:http or node:https over pooled, kept-alive connections. Calls share a small
 * pool; streams (watches, followed logs) hold a connection each and have a pool of their own, so that they can never
 * starve the calls. Bodies are read with back-pressure and can be given up at any moment.
 */
import http from "node:http";
import https from "node:https";
import type { ConnectionOptions } from "node:tls";
import { systemClock, type Clock } from "./clock.ts";
import { TransportError } from "./errors.ts";
import { exchange, failure, type Fail } from "./exchange.ts";
import type { Transport, TransportRequest } from "./transport.ts";

export interface HttpsTransportOptions {
  /** `http://` or `https://`; a path becomes the prefix of every request's path. */
  readonly baseUrl: string;
  /** PEM texts; `servername` when the certificate bears another name than the URL. */
  readonly tls?: Pick<ConnectionOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">;
  /** Value of the Authorization header, asked for each request: tokens in files rotate. */
  readonly authorization?: () => string | undefined | Promise<string | undefined>;
  /** Connections for calls; further calls wait for one. Default 4. */
  readonly maxSockets?: number;
  /** Connections for streams; further streams wait for one. Default 64. */
  readonly maxStreams?: number;
  /** For requests that name no `timeoutMs`; default 30,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * Milliseconds after which an idle connection is closed: before the server does, which would lose the write that is sent
 * meanwhile. kube-apiserver closes after 90 s. Where the server says for how long it waits, Node.js takes the shorter of
 * the two, but only where there are two.
 */
const idleMs = 60_000;

export function httpsTransport(options: HttpsTransportOptions): Transport {
  const connection = connectionTo(options);
  const clock = options.clock ?? systemClock;
  const underWay = new Set<Fail>();
  let closed = false;

  return {
    async send(request) {
      const authorization = options.authorization && (await authorizationFor(request, options.authorization));
      if (closed) throw failure(request, "the transport is closed");
      if (request.signal?.aborted) throw failure(request, "stopped by the caller", request.signal.reason);
      return exchange(request, {
        clock,
        timeoutMs: request.timeoutMs ?? options.timeoutMs ?? 30_000,
        open: () => connection.open(request, authorization),
        underWay,
      });
    },
    close() {
      closed = true;
      for (const fail of underWay) fail(new TransportError("the transport was closed"));
      connection.close();
      return Promise.resolve();
    },
  };
}

async function authorizationFor(
  request: TransportRequest,
  ask: NonNullable<HttpsTransportOptions["authorization"]>,
): Promise<string | undefined> {
  try {
    return await ask();
  } catch (cause) {
    throw failure(request, "not sent, for want of credentials", cause);
  }
}

/** Two pools to one server. */
function connectionTo(options: HttpsTransportOptions): {
  open(request: TransportRequest, authorization: string | undefined): http.ClientRequest;
  close(): void;
} {
  const base = new URL(options.baseUrl);
  if (base.protocol !== "http:" && base.protocol !== "https:") {
    throw new TypeError(`${options.baseUrl} is not an http:// or https:// URL`);
  }
  const { request: open, Agent } = base.protocol === "https:" ? https : http;
  const pool = (maxSockets: number): http.Agent =>
    new Agent({ keepAlive: true, timeout: idleMs, maxSockets, ...options.tls });
  const calls = pool(options.maxSockets ?? 4);
  const streams = pool(options.maxStreams ?? 64);
  const hostname = base.hostname.replace(/^\[(.*)\]$/, "$1");
  const prefix = base.pathname.replace(/\/$/, "");
  return {
    open: (request, authorization) =>
      open({
        hostname,
        port: base.port,
        method: request.method,
        path: prefix + request.path,
        headers: authorization === undefined ? request.headers : { ...request.headers, authorization },
        agent: request.stream ? streams : calls,
      }),
    close() {
      calls.destroy();
      streams.destroy();
    },
  };
}
