/** A sealed model in the form of another program, made from its lines while it is sent; where it has none, why. */
import { ModelFormatError } from "../model/errors.ts";
import { checkExport, ExportError, exportForest } from "../model/export.ts";
import { modelLines } from "../model/lines.ts";
import type { ArtifactStore, Seal } from "./artifacts/store.ts";
import { Problem } from "./problem.ts";
import { modelBytes } from "./sealing/model-bytes.ts";

/**
 * The bytes of a forest for ml-random-forest: JSON.
 * @param task uid
 * @throws Problem 409 for a model that has no such form
 */
export async function exportedForest(
  store: Pick<ArtifactStore, "read">,
  task: string,
  seal: Seal,
): Promise<AsyncIterable<Uint8Array>> {
  const lines = (): AsyncIterable<string> => modelLines(modelBytes(store, task, seal));
  try {
    await checkExport(lines);
  } catch (cause) {
    if (cause instanceof ExportError || cause instanceof ModelFormatError)
      throw new Problem({
        status: 409,
        detail: `The model cannot be given as ml-random-forest: ${cause.message}. Without ?format= it can be downloaded.`,
        cause,
      });
    throw cause;
  }
  return encoded(exportForest(lines));
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
