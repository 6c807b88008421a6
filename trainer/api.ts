/** The calls of the API that are for the running attempt's pod (traintask/contract.ts), as functions. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import {
  type ChunkAnswer,
  chunkAnswerSchema,
  headers,
  type Progress,
  routes,
  type Stream,
} from "../traintask/contract.ts";
import { ModelTooLargeError, TemporaryError } from "./errors.ts";
import type { Send } from "./http.ts";

export interface StreamPlace {
  readonly stream: Stream;
  readonly shard: number;
  readonly offset: number;
}

export interface StoredStream {
  /** Bytes in the whole stream. */
  readonly length: number;
  /** Whether its last chunk was received. */
  readonly done: boolean;
  /** From the offset on, read once; ends with TemporaryError where the connection does. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** To be called when the bytes are not wanted. */
  readonly discard: () => void;
}

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

export interface Api {
  postProgress(progress: Progress, signal?: AbortSignal): Promise<void>;
  /** @throws ChunkConflictError, TemporaryError */
  putChunk(
    place: StreamPlace,
    chunk: { bytes: Uint8Array; last?: boolean },
    signal?: AbortSignal,
  ): Promise<ChunkAnswer>;
  openStream(place: StreamPlace, signal?: AbortSignal): Promise<StoredStream>;
  /** The bytes of a dataset, `digest` being `sha256:<hex>`; a TemporaryError at their end if they are others. */
  openDataset(digest: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** Refusals that may be a cache of the API which has not seen this pod yet: worth a minute, no more. */
const refusedPatienceMs = 60_000;

export function apiClient(send: Send, task: { namespace: string; name: string }): Api {
  return {
    async postProgress(progress, signal) {
      const answer = await send({
        method: "POST",
        path: routes.progress(task),
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(progress)),
        signal,
      });
      await expectOk(answer);
      answer.resume();
    },
    async putChunk(place, { bytes, last = false }, signal) {
      const digest = createHash("sha256").update(bytes).digest("base64");
      const answer = await send({
        method: "PUT",
        path: routes.stream(task, { ...place, last }),
        headers: { "content-type": "application/octet-stream", [headers.contentDigest]: `sha-256=:${digest}:` },
        body: bytes,
        signal,
      });
      if (answer.statusCode === 413 && place.stream === "model") {
        throw new ModelTooLargeError((await problemOf(answer)).detail);
      }
      await expectOk(answer);
      return chunkAnswerSchema.parse(await readJson(answer));
    },
    async openStream(place, signal) {
      const answer = await send({ method: "GET", path: routes.stream(task, place), signal });
      await expectOk(answer);
      return {
        length: Number(answer.headers[headers.streamLength] ?? 0),
        done: answer.headers[headers.streamDone] === "true",
        bytes: whole(answer),
        discard: () => answer.destroy(),
      };
    },
    async openDataset(digest, signal) {
      const answer = await send({ method: "GET", path: routes.dataset(task.namespace, digest), signal });
      await expectOk(answer);
      return verified(whole(answer), digest);
    },
  };
}

/** Passes on a body, and says so where it is cut off. */
async function* whole(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of answer) yield chunk as Uint8Array;
  } catch (cause) {
    throw new TemporaryError(`The API's answer broke off: ${(cause as Error).message}.`, { cause });
  }
}

async function* verified(bytes: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found !== digest) throw new TemporaryError(`The dataset that was received is ${found}, not ${digest}.`);
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

async function readJson(answer: IncomingMessage): Promise<unknown> {
  const body = await readBody(answer);
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new TemporaryError("The API's answer is not JSON.", { cause });
  }
}

/** What a problem document (RFC 9457) says; of any other body its beginning. */
async function problemOf(answer: IncomingMessage): Promise<{ detail: string; length?: number }> {
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

/** Throws for all answers but 200 and 201, by what their status means for trying again. */
async function expectOk(answer: IncomingMessage): Promise<void> {
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
