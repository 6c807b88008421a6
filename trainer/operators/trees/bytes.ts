/** How much memory an ensemble takes while it is grown, beside its input. */
import type { FitShape } from "../operator.ts";

export interface EnsembleSize {
  readonly trees: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
}

/** Of a sorted table: two integers and a number a cell. */
const bytesPerCell = 16;
/** In the growing lists of a fitted ensemble, and once more where they are read for prediction. */
const bytesPerNode = 64;

export function ensembleBytes({ rows, columns }: FitShape, { trees, maxDepth, minSamplesLeaf }: EnsembleSize): number {
  const leaves = Math.min(2 ** maxDepth, Math.max(1, Math.floor(rows / minSamplesLeaf)));
  return rows * columns * bytesPerCell + trees * (2 * leaves - 1) * bytesPerNode;
}
