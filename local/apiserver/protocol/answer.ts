/** What a handler answers, and how that becomes bytes. */
import type { TransportResponse } from "../../../kube/transport.ts";
import type { StatusError } from "../status.ts";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly json?: object;
  readonly text?: string;
  readonly stream?: AsyncIterable<Uint8Array>;
  /** Sentences for Warning headers. */
  readonly warnings?: readonly string[];
}

export const ok = (json: object, warnings: readonly string[] = []): Answer => ({ status: 200, json, warnings });

export const failure = ({ status }: StatusError): Answer => ({ status: status.code, json: status });

export function respond({ status, headers = {}, json, text, stream, warnings = [] }: Answer): TransportResponse {
  const type = json === undefined ? "text/plain; charset=utf-8" : "application/json";
  const bytes = new TextEncoder().encode(json === undefined ? (text ?? "") : `${JSON.stringify(json)}\n`);
  return {
    status,
    headers: {
      "content-type": type,
      "cache-control": "no-cache, private",
      ...(stream === undefined ? { "content-length": String(bytes.length) } : {}),
      ...(warnings.length === 0 ? {} : { warning: warnings.map((text) => `299 - ${quoted(text)}`).join(", ") }),
      ...headers,
    },
    body: stream ?? once(bytes),
  };
}

/** A quoted string of HTTP: no control characters, nothing outside ASCII. */
const quoted = (text: string): string =>
  `"${text.replaceAll(/[^\x20-\x7e]/g, "?").replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;

// oxlint-disable-next-line require-await -- an iterable of bytes is asynchronous, though these are at hand
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
