/**
 * A model as one run of bytes, merged from its parts while it is read: there is no second copy of it anywhere. A lone
 * part usually is the model but for its end line; then its bytes pass as they are.
 */
import { modelLines } from "../../model/lines.ts";
import { mergeParts } from "../../model/merge.ts";
import type { ArtifactStore, Seal } from "../artifacts/store.ts";

type Reads = Pick<ArtifactStore, "read">;

/**
 * All lines of the model, the end line too, without line breaks.
 * @throws ModelFormatError when the parts do not fit together
 */
export function mergedLines(store: Reads, task: string, parts: Seal["parts"]): AsyncGenerator<string> {
  return mergeParts(
    parts.map(
      ({ name, length }) =>
        () =>
          modelLines(store.read({ task, stream: "model", name }, { to: length })),
    ),
  );
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
  yield* inPieces(mergedLines(store, task, seal.parts));
}

/** Lines of a few hundred bytes each, gathered into pieces that are worth a system call. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let piece = "";
  for await (const line of lines) {
    piece += line + "\n";
    if (piece.length < 65_536) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}
