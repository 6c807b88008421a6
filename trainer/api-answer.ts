/** What the API's answers mean for a training pod. */
import type { IncomingMessage } from "node:http";
import type { ChunkAnswer } from "../traintask/chunk-answer.ts";
import { TemporaryError } from "./errors.ts";

/** Other bytes are stored where ours should go. */
export class ChunkConflictError extends Error {
  override readonly name = "ChunkConflictError";
  /** True length of the stream. */
  readonly length: number;
  constructor(length: number, message: string) {
    super(message);
    this.length = length;
  }
}

/** Passes on a body, and says so where it is cut off. */
export async function* whole(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of answer) yield chunk as Uint8Array;
  } catch (cause) {
    throw new TemporaryError(`The API's answer broke off: ${(cause as Error).message}.`, { cause });
  }
}

const maxDetailBytes = 1 << 16;

async function readBody(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of whole(answer)) {
    text += Buffer.from(chunk).toString("utf8");
    if (text.length > maxDetailBytes) break;
  }
  return text;
}

/** @throws TemporaryError for any other answer */
export async function readChunkAnswer(answer: IncomingMessage): Promise<ChunkAnswer> {
  const { length, open } = ((await readJson(answer)) ?? {}) as { length?: unknown; open?: unknown };
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (isCount(length) && Array.isArray(open) && open.every(isCount)) return { length, open };
  throw new TemporaryError("The API's answer to a chunk does not say what is stored.");
}

/** @throws TemporaryError for what is not JSON */
async function readJson(answer: IncomingMessage): Promise<unknown> {
  const body = await readBody(answer);
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new TemporaryError("The API's answer is not JSON.", { cause });
  }
}

/** What a problem document (RFC 9457) says; of any other body its beginning. */
export async function problemOf(answer: IncomingMessage): Promise<{ detail: string; length?: number }> {
  const body = await readBody(answer).catch(() => "");
  try {
    const { detail, length } = JSON.parse(body) as { detail?: unknown; length?: unknown };
    return {
      detail: typeof detail === "string" ? detail : body.slice(0, 500),
      ...(typeof length === "number" ? { length } : {}),
    };
  } catch {
    return { detail: body.slice(0, 500) };
  }
}

/** Refusals that may be a cache of the API which has not seen this pod yet: worth a minute, no more. */
const refusedPatienceMs = 60_000;

/** @throws for all answers but 200 and 201, by what their status means for trying again */
export async function expectOk(answer: IncomingMessage): Promise<void> {
  const { statusCode: status = 0 } = answer;
  if (status === 200 || status === 201) return;
  const { detail, length } = await problemOf(answer);
  if (status === 409 && length !== undefined) throw new ChunkConflictError(length, detail);
  const message = `The API answered ${status}: ${detail}`;
  if (status === 401 || status === 403 || status === 404) {
    throw new TemporaryError(message, { patienceMs: refusedPatienceMs });
  }
  if (status === 408 || status === 429 || status >= 500) {
    const seconds = Number(answer.headers["retry-after"]);
    throw new TemporaryError(message, Number.isFinite(seconds) ? { retryAfterMs: Math.min(60, seconds) * 1000 } : {});
  }
  throw new Error(message);
}
