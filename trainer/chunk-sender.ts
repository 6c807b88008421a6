/**
 * Stores one chunk after the other. A chunk that was not acknowledged is sent again with the same bytes at the same
 * offset, so a lost answer does no harm; where bytes are found stored already they are compared with ours.
 */
import type { Stream } from "../traintask/contract.ts";
import type { ChunkAnswer } from "../traintask/chunk-answer.ts";
import { ChunkConflictError } from "./api-answer.ts";
import { type Api } from "./api.ts";
import type { TrainerClock } from "./clock.ts";
import { TemporaryError } from "./errors.ts";
import { retrying } from "./retry.ts";

export interface UploadOptions {
  readonly api: Api;
  readonly clock: TrainerClock;
  readonly stream: Stream;
  readonly shard: number;
  /** Where the stream ends now. */
  readonly offset: number;
  /** How long the API may be away before the upload fails. */
  readonly patienceMs: number;
  /** Ends the patience. */
  readonly giveUp?: AbortSignal;
  readonly onTrouble?: (error: TemporaryError) => void;
}

export interface ChunkSender {
  readonly offset: number;
  send(bytes: Buffer, how?: { last: boolean }): Promise<ChunkAnswer>;
}

export function chunkSender({ api, stream, shard, giveUp, ...options }: UploadOptions): ChunkSender {
  let { offset } = options;
  const signal = giveUp === undefined ? {} : { signal: giveUp };

  /** What is left of a chunk of which the stream already holds a part, sent by an attempt before this one. */
  async function withoutStored(chunk: Buffer, conflict: ChunkConflictError): Promise<Buffer> {
    if (conflict.length <= offset) throw superseded(`The API refuses a chunk: ${conflict.message}`);
    const { bytes } = await api.openStream({ stream, shard, offset }, giveUp);
    const stored = await readBounded(bytes, chunk.length + 1);
    const common = Math.min(stored.length, chunk.length);
    if (!stored.subarray(0, common).equals(chunk.subarray(0, common))) {
      throw superseded(`The ${stream} has other bytes at ${offset} than this attempt: another one has begun it.`);
    }
    offset += common;
    if (stored.length > chunk.length) {
      throw superseded(`Another attempt has stored more of the ${stream} than this one.`);
    }
    return chunk.subarray(common);
  }

  async function put(chunk: Buffer, last: boolean): Promise<ChunkAnswer> {
    const answer = await api.putChunk({ stream, shard, offset }, { bytes: chunk, last }, giveUp);
    offset += chunk.length;
    return answer;
  }

  return {
    get offset() {
      return offset;
    },
    send(bytes, { last } = { last: false }) {
      let rest = bytes;
      return retrying(
        async () => {
          try {
            return await put(rest, last);
          } catch (error) {
            if (!(error instanceof ChunkConflictError)) throw error;
            rest = await withoutStored(rest, error);
            return put(rest, last);
          }
        },
        { ...options, ...signal },
      );
    },
  };
}

/** Trying again is for the next attempt, which begins with what is stored. */
function superseded(message: string): TemporaryError {
  return new TemporaryError(message, { patienceMs: 0 });
}

async function readBounded(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks);
}
