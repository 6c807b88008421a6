/** Whether a model will fit, judged as soon as it can be: after the first line, not after the last. */
import { maxChunkBytes } from "../traintask/contract.ts";
import { ModelTooLargeError } from "./errors.ts";
import type { Unit } from "./grower.ts";

/** A line is sent whole, and the API takes no more than this in one chunk. */
export const maxLineBytes = 2 * maxChunkBytes;

export interface SizeLimit {
  readonly maxModelBytes: number;
  /** Lines of the whole model. */
  readonly total: number;
  readonly unit: Unit;
}

const option: Readonly<Record<Unit, string>> = { trees: "nEstimators", iterations: "maxIter" };
const advice = (unit: Unit): string =>
  `Grow fewer ${unit} (${option[unit]}) or smaller trees: a maxDepth, or a larger minSamplesLeaf, cuts a tree's size most.`;

/**
 * Judges the model by what there is of it: after one line by all lines of its size, after more by what they have.
 * @param grown how many lines are there, the bytes of header and lines together, and those of the last line
 * @throws ModelTooLargeError
 */
export function checkModelSize(
  grown: { lines: number; bytes: number; lineBytes: number },
  { maxModelBytes, total, unit }: SizeLimit,
): void {
  const expected = grown.lines === 1 ? grown.bytes + grown.lineBytes * (total - 1) : grown.bytes;
  if (expected <= maxModelBytes) return;
  const message = `The model would have about ${expected} bytes with ${total} ${unit}; at most ${maxModelBytes} are kept.`;
  throw new ModelTooLargeError(message, { advice: advice(unit) });
}

/** @throws ModelTooLargeError for a line that fits into no chunk */
export function checkLineSize({ index, bytes, unit }: { index: number; bytes: number; unit: Unit }): void {
  if (bytes <= maxLineBytes) return;
  const line = unit === "trees" ? `Tree ${index}` : `Iteration ${index}`;
  throw new ModelTooLargeError(`${line} has ${bytes} bytes; at most ${maxLineBytes} are taken of one.`, {
    advice: advice(unit),
  });
}
