/**
 * HTTP to the API: pooled connections, bounded waits, the token read anew for each request (Kubernetes rotates it), the
 * API's own certificate authority. Failures come out as TemporaryError where trying again makes sense.
 */
import { readFile as readFileThen, readFileSync } from "node:fs";
import http, { type IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { TemporaryError } from "./errors.ts";

// Not that of node:fs/promises, which loads twice as much.
const readFile = promisify(readFileThen);

export interface HttpSettings {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly tokenFile: string;
  /** PEM file; the system's authorities if absent. */
  readonly caFile?: string | undefined;
  /** Silence that counts as a failure, in milliseconds. */
  readonly idleMs?: number;
}

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST";
  /** From the base URL on. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

export type Send = (request: HttpRequest) => Promise<IncomingMessage>;

/** The answer's head, whatever its status; the caller reads the body to its end, or destroys it. */
export function httpSender({ url, tokenFile, caFile, idleMs = 30_000 }: HttpSettings): Send {
  const https = url.startsWith("https:") ? process.getBuiltinModule("node:https") : undefined;
  const options = { keepAlive: true, maxSockets: 4, timeout: idleMs };
  const agent =
    https === undefined
      ? new http.Agent(options)
      : new https.Agent({ ...options, ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }) });
  const open = (https ?? http).request;
  return async ({ method, path, headers = {}, body, signal }) => {
    const token = await readToken(tokenFile);
    return new Promise((resolve, reject) => {
      const outgoing = open(url + path, {
        agent,
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-length": body.length }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      outgoing.setTimeout(idleMs, () => outgoing.destroy(new Error(`no answer for ${idleMs / 1000} s`)));
      outgoing.on("response", resolve);
      outgoing.on("error", (cause) => reject(unreachable(url, cause)));
      outgoing.end(body);
    });
  };
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new TemporaryError(`The token file ${file} cannot be read.`, { cause });
  }
}

function unreachable(url: string, cause: unknown): TemporaryError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new TemporaryError(`The API at ${url} cannot be reached: ${why}.`, { cause });
}
