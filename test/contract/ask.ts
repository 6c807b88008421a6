/** One plain request, for what the client has no words for. */
import type { KubeStatus } from "../../kube/errors.ts";
import type { KubeObject } from "../../kube/objects.ts";
import type { Harness } from "./harness.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, as the case expects it. */
  json<T = KubeObject & KubeStatus>(): T;
}

export interface Ask {
  /** Default GET. */
  readonly method?: string;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask({ transport }: Pick<Harness, "transport">, path: string, request: Ask = {}): Promise<Reply> {
  const { method = "GET", body, headers = {} } = request;
  const {
    status,
    headers: answered,
    body: stream,
  } = await transport.send({
    method,
    path,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status, headers: answered, text, json: <T>() => JSON.parse(text) as T };
}

/** Asks again and again until the answer is good; the last failure is thrown after a minute. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
