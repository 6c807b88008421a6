/** Whether a model will fit, judged as soon as it can be: after the first tree, not after the last. */
import { maxChunkBytes } from "../traintask/contract.ts";
import { ModelTooLargeError } from "./errors.ts";

/** A line is sent whole, and the API takes no more than this in one chunk. */
export const maxLineBytes = 2 * maxChunkBytes;

export interface SizeLimit {
  readonly maxModelBytes: number;
  readonly trees: number;
}

const advice =
  "Grow fewer trees (nEstimators) or smaller ones: a maxDepth, or a larger minSamplesLeaf, cuts a tree's size most.";

/**
 * Judges the model by what there is of it.
 * @param grown how many trees are there, and the bytes of header and trees together
 * @throws ModelTooLargeError when trees of the mean size so far would pass the limit
 */
export function checkModelSize(grown: { trees: number; bytes: number }, { maxModelBytes, trees }: SizeLimit): void {
  const expected = Math.round((grown.bytes / grown.trees) * trees);
  if (expected <= maxModelBytes) return;
  throw new ModelTooLargeError(
    `The model would have about ${expected} bytes with ${trees} trees; at most ${maxModelBytes} are kept.`,
    { advice },
  );
}

/** @throws ModelTooLargeError for a line that fits into no chunk */
export function checkLineSize(tree: number, bytes: number): void {
  if (bytes <= maxLineBytes) return;
  throw new ModelTooLargeError(`Tree ${tree} has ${bytes} bytes; at most ${maxLineBytes} are taken of a tree.`, {
    advice,
  });
}
