/**
 * A watch on the wire: one JSON object a line, in chunks that may break anywhere, also inside a UTF-8 sequence.
 * So lines are found among the bytes and decoded whole.
 */
import { bufferOf, isStatus } from "./answers.ts";
import type { WatchEvent } from "./client.ts";
import { apiError, TransportError } from "./errors.ts";

const newline = 0x0a;
/** An object is at most a few MiB in any API server; a longer line is not a watch, and must not fill the memory. */
const maxLineBytes = 64 * 1024 * 1024;

/**
 * The events of a stream of bytes, until it ends.
 * @throws ApiError for an ERROR event, TransportError for a line that is cut short or is no event
 */
export async function* watchEvents<T>(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent<T>> {
  for await (const line of lines(body)) yield parseEvent<T>(line);
}

function parseEvent<T>(line: string): WatchEvent<T> {
  const event = parse(line);
  switch (event?.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
    case "BOOKMARK":
      return event as WatchEvent<T>;
    case "ERROR":
      throw apiError(isStatus(event.object) ? event.object : { code: 500, message: "the watch failed" });
    default:
      throw new TransportError(`a line of the watch is no event: ${line.slice(0, 100)}`);
  }
}

function parse(line: string): { type?: unknown; object: object } | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new TransportError(`a line of the watch is not JSON: ${line.slice(0, 100)}`, { cause });
  }
  if (typeof event !== "object" || event === null || !("object" in event)) return undefined;
  return typeof event.object === "object" && event.object !== null ? { ...event, object: event.object } : undefined;
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // The beginning of a line whose end has not come yet.
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const bytes of body) {
    const chunk = bufferOf(bytes);
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      const rest = chunk.subarray(from, end);
      const line = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
      begun = [];
      begunBytes = 0;
      from = end + 1;
      if (line.length > 0) yield line.toString("utf8");
    }
    if (from < chunk.length) {
      begun.push(chunk.subarray(from));
      begunBytes += chunk.length - from;
      if (begunBytes > maxLineBytes) throw new TransportError(`a line of the watch is over ${maxLineBytes} bytes`);
    }
  }
  if (begun.length > 0) throw new TransportError("the watch ended in the middle of a line");
}
