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
 * Judges the model by what there is of it: after one tree by all trees of its size, after more by what they have.
 * @param grown how many trees are there, the bytes of header and trees together, and those of the last tree's line
 * @throws ModelTooLargeError
 */
export function checkModelSize(
  grown: { trees: number; bytes: number; lineBytes: number },
  { maxModelBytes, trees }: SizeLimit,
): void {
  const expected = grown.trees === 1 ? grown.bytes + grown.lineBytes * (trees - 1) : grown.bytes;
  if (expected <= maxModelBytes) return;
  const message = `The model would have about ${expected} bytes with ${trees} trees; at most ${maxModelBytes} are kept.`;
  throw new ModelTooLargeError(message, { advice });
}

/** @throws ModelTooLargeError for a line that fits into no chunk */
export function checkLineSize(tree: number, bytes: number): void {
  if (bytes <= maxLineBytes) return;
  throw new ModelTooLargeError(`Tree ${tree} has ${bytes} bytes; at most ${maxLineBytes} are taken of a tree.`, {
    advice,
  });
}
