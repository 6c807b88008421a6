/**
 * The lines of a stored part, one by one. They are fetched a window at a time and no connection stays open while they
 * are worked on, so a thousand parts can be read side by side, and a reader may take its time over each line.
 */
import { modelLines } from "../model/lines.ts";
import type { Api } from "./api.ts";
import { type Retrying, retrying } from "./retry.ts";

export interface PartPlace {
  readonly shard: number;
  /** The byte at which a line begins. */
  readonly at: number;
}

export interface PartReading extends Retrying {
  /** Bytes that are fetched at a time, if not a single line has more. */
  readonly windowBytes: number;
}

/** @throws TemporaryError when the API stays away; ModelFormatError for bytes that are no lines */
export async function* partLines(
  api: Api,
  { shard, at }: PartPlace,
  { windowBytes, ...patience }: PartReading,
): AsyncGenerator<string, void> {
  for (let offset = at, ended = false; !ended;) {
    const window = await retrying(() => fetchWindow(api, { shard, at: offset }, windowBytes), patience);
    yield* window.lines;
    offset += window.bytes;
    ({ ended } = window);
  }
}

interface Window {
  readonly lines: string[];
  readonly bytes: number;
  readonly ended: boolean;
}

async function fetchWindow(api: Api, { shard, at }: PartPlace, windowBytes: number): Promise<Window> {
  const stored = await api.openStream({ stream: "model", shard, offset: at });
  const lines: string[] = [];
  let bytes = 0;
  for await (const line of modelLines(stored.bytes)) {
    lines.push(line);
    bytes += Buffer.byteLength(line) + 1;
    if (bytes >= windowBytes) break;
  }
  stored.discard();
  return { lines, bytes, ended: at + bytes >= stored.length };
}
