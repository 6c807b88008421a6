/** The calls of the API that are for the running attempt's pod (traintask/contract.ts), as functions. */
import { createHash } from "node:crypto";
import { headers, routes, type Stream } from "../traintask/contract.ts";
import type { ChunkAnswer } from "../traintask/chunk-answer.ts";
import type { Progress } from "../traintask/progress.ts";
import { expectOk, problemOf, readChunkAnswer, whole } from "./api-answer.ts";
import { ModelTooLargeError } from "./errors.ts";
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

export interface Api {
  postProgress(progress: Progress, signal?: AbortSignal): Promise<void>;
  /** @throws ChunkConflictError, TemporaryError */
  putChunk(
    place: StreamPlace,
    chunk: { bytes: Uint8Array; last?: boolean },
    signal?: AbortSignal,
  ): Promise<ChunkAnswer>;
  openStream(place: StreamPlace, signal?: AbortSignal): Promise<StoredStream>;
}

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
      return readChunkAnswer(answer);
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
  };
}
