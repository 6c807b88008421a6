/** The scripted API over HTTP, for tests of the client and of the whole trainer as a process. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { headers, type Stream } from "../traintask/contract.ts";
import { progressSchema } from "../traintask/progress.ts";
import { ChunkConflictError } from "./api-answer.ts";
import { type ScriptedApi, scriptedApi } from "./scripted-api.ts";

export interface ScriptedServer extends AsyncDisposable {
  readonly api: ScriptedApi;
  readonly url: string;
  /** `authorization` of each request, in order. */
  readonly authorizations: string[];
  /** `METHOD path` of each request, in order. */
  readonly requests: string[];
  readonly connections: () => number;
  /** Answers instead of the API when it is set and returns true. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Stops listening and cuts all connections, as a dying server does. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
}

export async function scriptedServer(api = scriptedApi()): Promise<ScriptedServer> {
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    scripted.authorizations.push(request.headers.authorization ?? "");
    scripted.requests.push(`${request.method} ${request.url}`);
    if (scripted.interfere(request, response)) return;
    void answer(api, request, response).catch((error: unknown) => sendProblem(response, error));
  };
  const server = createServer(listener).on("connection", () => (connections += 1));
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const scripted: ScriptedServer = {
    api,
    url: `http://127.0.0.1:${port}`,
    authorizations: [],
    requests: [],
    connections: () => connections,
    interfere: () => false,
    down,
    up: () => listen(port),
    [Symbol.asyncDispose]: down,
  };
  return scripted;
}

/** Answers with a problem document. */
export function problem(
  response: ServerResponse,
  status: number,
  fields: { detail?: string; length?: number } = {},
): void {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ status, ...fields }));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  if (error instanceof ChunkConflictError) problem(response, 409, { detail: error.message, length: error.length });
  else problem(response, 503, { detail: (error as Error).message });
}

async function answer(api: ScriptedApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "", "http://host");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const [, , resource, name, call, stream, shard] = url.pathname.split("/");
  if (resource === "datasets") {
    for await (const bytes of await api.openDataset(name ?? "")) response.write(bytes);
    response.end();
    return;
  }
  if (call === "progress") {
    await api.postProgress(progressSchema.parse(JSON.parse(body.toString())));
    response.end("{}");
    return;
  }
  const place = { stream: stream as Stream, shard: Number(shard), offset: Number(url.searchParams.get("offset")) };
  if (request.method === "PUT") {
    const digest = createHash("sha256").update(body).digest("base64");
    if (request.headers[headers.contentDigest] !== `sha-256=:${digest}:`) {
      return problem(response, 400, { detail: "the chunk does not have its digest" });
    }
    const last = url.searchParams.get("last") === "true";
    response.end(JSON.stringify(await api.putChunk(place, { bytes: body, last })));
    return;
  }
  const { length, done, bytes } = await api.openStream(place);
  response.setHeader(headers.streamLength, length);
  response.setHeader(headers.streamDone, String(done));
  for await (const piece of bytes) response.write(piece);
  response.end();
}
