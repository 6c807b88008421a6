/**
 * The API as a training pod sees it, in memory, for tests: streams of chunks with offsets and digests, datasets, the
 * last progress. A script may fail any call before or after it has taken effect, as a dying pod or API would.
 */
import { createHash } from "node:crypto";
import type { ChunkAnswer } from "../traintask/chunk-answer.ts";
import type { Progress } from "../traintask/progress.ts";
import { ChunkConflictError } from "./api-answer.ts";
import { type Api, type StreamPlace } from "./api.ts";
import { TemporaryError } from "./errors.ts";

interface Chunk {
  readonly offset: number;
  readonly bytes: Buffer;
}

export interface ScriptedStream {
  chunks: Chunk[];
  done: boolean;
}

/** Called around each PUT of a chunk; what it throws is what the caller gets. */
export type Script = (moment: "before" | "after", place: StreamPlace & { last: boolean }) => void;

export interface ScriptedApi extends Api {
  script: Script;
  readonly progress: Progress[];
  /** How many parts the model has. */
  shards: number;
  readonly datasets: Map<string, Buffer>;
  openDataset(digest: string): Promise<AsyncIterable<Uint8Array>>;
  bytes(stream: StreamPlace["stream"], shard?: number): Buffer;
  text(stream: StreamPlace["stream"], shard?: number): string;
  part(stream: StreamPlace["stream"], shard?: number): ScriptedStream;
}

export function scriptedApi(): ScriptedApi {
  const streams = new Map<string, ScriptedStream>();
  const part: ScriptedApi["part"] = (stream, shard = 0) => {
    const key = `${stream}/${shard}`;
    const found = streams.get(key) ?? { chunks: [], done: false };
    streams.set(key, found);
    return found;
  };
  const bytes: ScriptedApi["bytes"] = (stream, shard) => Buffer.concat(part(stream, shard).chunks.map((c) => c.bytes));
  const api: ScriptedApi = {
    script: () => undefined,
    progress: [],
    shards: 1,
    datasets: new Map(),
    bytes,
    text: (stream, shard) => bytes(stream, shard).toString(),
    part,
    postProgress: async (progress) => void api.progress.push(progress),
    async putChunk({ stream, shard, offset }, { bytes: chunk, last = false }) {
      const place = { stream, shard, offset, last };
      api.script("before", place);
      store(part(stream, shard), { offset, bytes: Buffer.from(chunk) }, last);
      api.script("after", place);
      const open = Array.from({ length: api.shards }, (_, index) => index).filter((index) => !part(stream, index).done);
      return { length: bytes(stream, shard).length, open } satisfies ChunkAnswer;
    },
    async openStream({ stream, shard, offset }) {
      const stored = bytes(stream, shard);
      const { done } = part(stream, shard);
      return { length: stored.length, done, bytes: pieces(stored.subarray(offset)), discard: () => undefined };
    },
    async openDataset(digest) {
      const dataset = api.datasets.get(digest);
      if (dataset === undefined) throw new TemporaryError("The API answered 404: no such dataset");
      return pieces(dataset);
    },
  };
  return api;
}

function store(stream: ScriptedStream, chunk: Chunk, last: boolean): void {
  const length = stream.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const same = stream.chunks.find(({ offset, bytes }) => offset === chunk.offset && bytes.equals(chunk.bytes));
  if (same === undefined) {
    const nothingNew = chunk.offset === length && chunk.bytes.length === 0 && last;
    if (chunk.offset !== length || (stream.done && !nothingNew))
      throw new ChunkConflictError(length, `the stream has ${length} bytes`);
    if (chunk.bytes.length > 0) stream.chunks.push(chunk);
  }
  stream.done ||= last;
}

/** In pieces that end anywhere, as a network would cut them. */
async function* pieces(bytes: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export function sha256(bytes: string | Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
