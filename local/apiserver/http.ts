/**
 * The API server on a port of this machine. Whoever knows its address may do everything, so the address is a secret:
 * it begins with a random path, stands in a file that only its owner can read, and is served on 127.0.0.1 alone, to
 * requests that name this machine as their Host (a web page that was rebound to 127.0.0.1 names another).
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "../../kube/log.ts";
import type { TransportRequest, TransportResponse } from "../../kube/transport.ts";
import { failure, respond } from "./protocol/answer.ts";
import { maxBodyBytes, tooLarge } from "./protocol/body.ts";
import { StatusError } from "./status.ts";

export interface HttpServer {
  /** Base URL with the secret path, without a slash at its end. */
  readonly url: string;
  /** Ends all connections, watches too. */
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly handle: (request: TransportRequest) => Promise<TransportResponse>;
  readonly log: Log;
  /** 0, the default: any free port. */
  readonly port?: number;
}

/** Milliseconds in which a request's headers, and then all of it, must have come. */
const [headersTimeout, requestTimeout] = [10_000, 30_000];

export async function serveHttp({ handle, log, port = 0 }: HttpOptions): Promise<HttpServer> {
  const prefix = `/${randomBytes(18).toString("base64url")}`;
  const server = createServer({ headersTimeout, requestTimeout, connectionsCheckingInterval: 5000 });
  server.on("request", (request, response) => {
    exchange({ handle, prefix, server }, request, response).catch((error: unknown) => {
      // The client went away, or the answer broke off: nothing can be said on this connection any more.
      log.error({ error }, "connection failed");
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}${prefix}`, close: () => close(server) };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  return closed;
}

interface Door extends Pick<HttpOptions, "handle"> {
  readonly prefix: string;
  readonly server: Server;
}

async function exchange(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const answer = await answerTo(door, request, gone.signal);
  response.writeHead(answer.status, answer.headers);
  // A watch has nothing to say at first, and its client waits for the headers.
  response.flushHeaders();
  for await (const chunk of answer.body) {
    if (gone.signal.aborted) return;
    if (!response.write(chunk)) await drained(response, gone.signal);
  }
  response.end();
}

async function answerTo(
  { handle, prefix, server }: Door,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const { method = "GET", url = "/" } = request;
  try {
    requireLocalHost(request.headers.host ?? "", portOf(server));
    if (!url.startsWith(`${prefix}/`))
      throw new StatusError({ code: 404, reason: "NotFound", message: "page not found" });
    const body = await read(request);
    return await handle({ method, path: url.slice(prefix.length), headers: headersOf(request), body, signal });
  } catch (error) {
    if (error instanceof StatusError) return respond({ ...failure(error), headers: { connection: "close" } });
    throw error;
  }
}

function requireLocalHost(host: string, port: number): void {
  if (["127.0.0.1", "localhost", "[::1]"].some((name) => host === `${name}:${port}`)) return;
  throw new StatusError({
    code: 403,
    reason: "Forbidden",
    message: `this server answers to 127.0.0.1:${port}, not to the Host ${JSON.stringify(host)}`,
  });
}

async function read(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")] as const);
  return Object.fromEntries(entries);
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve);
  gone.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
