import fc from "fast-check";
import { expect, it } from "vitest";
import type { Part } from "../artifacts/store.ts";
import { inWindows } from "./model-bytes.ts";

const part: Part = { task: "uid", stream: "model", name: "0" };
const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));

/** A store that has these bytes as chunks of this size, and gives views of them as the real one does. */
function storeOf(chunkBytes: number) {
  const reads: number[] = [];
  async function* read(_: Part, { from = 0, to = bytes.length } = {}): AsyncGenerator<Uint8Array> {
    reads.push(to - from);
    for (let at = from - (from % chunkBytes); at < to; at += chunkBytes)
      yield bytes.subarray(Math.max(at, from), Math.min(at + chunkBytes, to));
  }
  return { reads, read };
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return read;
}

const size = fc.integer({ min: 1, max: 6000 });

it("gives the bytes of a part up to a length, whatever the windows and the chunks", async () => {
  const check = async (length: number, windowBytes: number, chunkBytes: number): Promise<void> => {
    const wanted = Math.min(length, bytes.length);
    const pieces = await all(inWindows(storeOf(chunkBytes), part, { length: wanted, windowBytes }));
    expect(Buffer.concat(pieces).equals(bytes.subarray(0, wanted))).toBe(true);
  };
  await fc.assert(fc.asyncProperty(size, fc.integer({ min: 50, max: 6000 }), size, check));
});

it("never asks for more than a window at a time, and keeps no hold of a chunk", async () => {
  const { reads, ...store } = storeOf(5000);
  const pieces = await all(inWindows(store, part, { length: 5000, windowBytes: 512 }));
  expect(Math.max(...reads)).toBe(512);
  expect(pieces.filter((piece) => piece.buffer === bytes.buffer)).toEqual([]);
});

it("reads a part that a window holds in one go", async () => {
  const { reads, ...store } = storeOf(100);
  await all(inWindows(store, part, { length: 5000, windowBytes: Infinity }));
  expect(reads).toEqual([5000]);
});
