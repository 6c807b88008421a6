/**
 * A model as one run of bytes, merged from its parts while it is read: there is no second copy of it anywhere. A lone
 * part usually is the model but for its end line; then its bytes pass as they are.
 *
 * Trees of all parts take turns in the model, so all parts are open at a time. Of a few, each holds a chunk or two; of many,
 * each is read by small windows, and what a window leaves of a chunk is read again with the next: time for memory.
 */
import { modelLines } from "../../model/lines.ts";
import { mergeParts } from "../../model/merge.ts";
import type { ArtifactStore, Part, Seal } from "../artifacts/store.ts";
import { inPieces } from "../in-pieces.ts";

type Reads = Pick<ArtifactStore, "read">;

/**
 * All lines of the model, the end line too, without line breaks.
 * @throws ModelFormatError when the parts do not fit together
 */
export function mergedLines(store: Reads, task: string, parts: Seal["parts"]): AsyncGenerator<string> {
  const windowBytes = parts.length <= fewParts ? Infinity : Math.floor(manyPartsBytes / parts.length);
  return mergeParts(
    parts.map(
      ({ name, length }) =>
        () =>
          modelLines(inWindows(store, { task, stream: "model", name }, { length, windowBytes })),
    ),
  );
}

/** Parts that may each hold whole chunks, of 2 MiB at most. */
const fewParts = 16;
/** What more parts than that hold together. */
const manyPartsBytes = 32 << 20;

interface Windows {
  readonly length: number;
  readonly windowBytes: number;
}

/** The first bytes of a part; no more of them is held than a window, and the chunk that it is taken from for a moment. */
export async function* inWindows(
  store: Reads,
  part: Part,
  { length, windowBytes }: Windows,
): AsyncGenerator<Uint8Array> {
  if (windowBytes >= length) return yield* store.read(part, { to: length });
  for (let from = 0; from < length; from += windowBytes) {
    const pieces: Uint8Array[] = [];
    for await (const piece of store.read(part, { from, to: Math.min(length, from + windowBytes) })) pieces.push(piece);
    // A copy: a piece would keep the whole chunk in memory that it is a piece of.
    yield Buffer.concat(pieces);
  }
}

/** The bytes of a sealed model, the same each time. */
export async function* modelBytes(store: Reads, task: string, seal: Seal): AsyncGenerator<Uint8Array> {
  const [first] = seal.parts;
  // Nothing was merged and nothing left out: a part may also hold lines that do not count.
  if (first !== undefined && first.length + Buffer.byteLength(seal.end) === seal.sizeBytes) {
    yield* store.read({ task, stream: "model", name: first.name }, { to: first.length });
    yield Buffer.from(seal.end);
    return;
  }
  yield* inPieces(withBreaks(mergedLines(store, task, seal.parts)));
}

async function* withBreaks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield line + "\n";
}
