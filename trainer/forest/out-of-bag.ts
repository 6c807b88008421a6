/**
 * The forest's score on rows as each tree sees them for the first time: a tree votes on the rows that it was not grown on. Votes are
 * kept on a fixed grid fine enough for nine digits, so their sums are exact and the order of trees does not matter.
 */
import { compactTree, leafOf } from "../../model/compact.ts";
import type { TreeLine } from "../../model/format.ts";
import { mostProbable } from "../../model/most-probable.ts";
import type { ForestTarget, OutOfBagScore } from "./input.ts";
import type { Matrix } from "./matrix.ts";

export interface OutOfBag {
  /** Counts a tree's votes on the rows whose weight is 0. */
  add(line: TreeLine, weights: Uint32Array): void;
  score(): OutOfBagScore | undefined;
  predictions(): Float64Array;
  /** Of classification, row by row; NaN where no tree voted. */
  probabilities(): Float64Array | undefined;
}

/** Truth by row of the matrix: values, or indices of classes. */
export function outOfBag(
  matrix: Matrix,
  { problemType, truth, classes }: { problemType: ForestTarget["problemType"]; truth: Float64Array; classes: number },
): OutOfBag {
  const outputs = problemType === "regression" ? 1 : classes;
  const sums = new Float64Array(matrix.rows * outputs);
  const votes = new Uint32Array(matrix.rows);
  const grid = problemType === "regression" ? gridOf(truth) : 2 ** 32;
  let trees = 0;

  function predictions(): Float64Array {
    return Float64Array.from(votes, (count, row) => {
      if (count === 0) return NaN;
      if (problemType === "regression") return sums[row]! / count / grid;
      return mostProbable(sums.subarray(row * outputs, (row + 1) * outputs));
    });
  }

  return {
    add(line, weights) {
      const tree = compactTree(line, problemType);
      for (let row = 0; row < matrix.rows; row++) {
        if (weights[row]! > 0) continue;
        const leaf = leafOf(tree, matrix.codes, { stride: matrix.rows, at: row });
        votes[row] = votes[row]! + 1;
        for (let k = tree.start[leaf]!; k < tree.start[leaf + 1]!; k++) {
          const at = row * outputs + (problemType === "regression" ? 0 : tree.classOf[k]!);
          sums[at] = sums[at]! + Math.round(tree.entry[k]! * grid);
        }
      }
      trees++;
    },
    predictions,
    probabilities: () =>
      problemType === "regression" ? undefined : sums.map((sum, at) => sum / votes[Math.floor(at / outputs)]! / grid),
    score() {
      const predicted = predictions();
      const rows = votes.reduce((count, vote) => (vote > 0 ? count + 1 : count), 0);
      if (rows === 0) return undefined;
      const score = problemType === "regression" ? r2(predicted, truth) : accuracy(predicted, truth);
      if (score === undefined) return undefined;
      return { metric: problemType === "regression" ? "r2" : "accuracy", score, rows, trees };
    },
  };
}

/** A power of two that leaves 35 bits for a value and 17 for the sum over the largest number of trees. */
function gridOf(truth: Float64Array): number {
  const largest = truth.reduce((max, y) => Math.max(max, Math.abs(y)), Number.MIN_VALUE);
  return 2 ** Math.min(1000, Math.max(-1000, 34 - Math.ceil(Math.log2(largest))));
}

/** Of the rows with a prediction. */
function accuracy(predicted: Float64Array, truth: Float64Array): number {
  let rows = 0;
  let right = 0;
  predicted.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    rows++;
    if (value === truth[row]) right++;
  });
  return right / rows;
}

/** Coefficient of determination over the rows with a prediction; undefined where their truth is constant. */
function r2(predicted: Float64Array, truth: Float64Array): number | undefined {
  const rows = Array.from(predicted.keys()).filter((row) => !Number.isNaN(predicted[row]!));
  const mean = rows.reduce((sum, row) => sum + truth[row]!, 0) / rows.length;
  let residual = 0;
  let total = 0;
  for (const row of rows) {
    residual += (truth[row]! - predicted[row]!) ** 2;
    total += (truth[row]! - mean) ** 2;
  }
  return total > 0 ? 1 - residual / total : undefined;
}
