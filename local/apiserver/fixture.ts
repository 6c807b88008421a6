/** For tests: a server in memory, on a stepped clock, that serves the contract's Widget. */
import { silentLog } from "../../kube/log.ts";
import type { KubeObject, Resource } from "../../kube/objects.ts";
import { virtualClock, type VirtualClock } from "../../kube/virtual-clock.ts";
import { widgetDefinition, widgets } from "../../test/contract/widgets.ts";
import { createApiServer, type ApiServer, type ApiServerOptions } from "./server.ts";

export const widgetResource: Resource = widgets;

export function aServer(options: Partial<ApiServerOptions> = {}): { server: ApiServer; clock: VirtualClock } {
  const clock = virtualClock();
  const server = createApiServer({
    databasePath: ":memory:",
    clock,
    log: silentLog,
    crds: [widgetDefinition],
    ...options,
  });
  return { server, clock };
}

export interface Request {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON; text is sent as it is. */
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends a request and reads the whole answer. */
export async function send(server: ApiServer, request: Request): Promise<Reply> {
  const { method = "GET", body, headers = {}, ...rest } = request;
  const answer = await server.handle({
    ...rest,
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return { status: answer.status, headers: answer.headers, text: Buffer.concat(chunks).toString() };
}

/** Reads lines of a stream of JSON, one at a time. */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ type: string; object: KubeObject }> {
  for await (const chunk of body) {
    for (const line of Buffer.from(chunk).toString().split("\n")) {
      if (line !== "") yield JSON.parse(line) as { type: string; object: KubeObject };
    }
  }
}
