/**
 * The forest's score on rows as each tree sees them for the first time: a tree votes on the rows that it was not grown on. Votes are
 * kept on a fixed grid fine enough for nine digits, so their sums are exact and the order of trees does not matter.
 */
import { compactTree, leafOf } from "../../model/compact.ts";
import type { TreeLine } from "../../model/format.ts";
import { mostProbable } from "../../model/most-probable.ts";
import type { ForestTarget, OutOfBagScore } from "./input.ts";
import type { Matrix } from "./matrix.ts";

interface OutOfBagOptions {
  readonly problemType: ForestTarget["problemType"];
  /** By row of the matrix: values, or indices of classes. */
  readonly truth: Float64Array;
  /** 0 in a regression. */
  readonly classes: number;
}

export class OutOfBag {
  readonly #matrix: Matrix;
  readonly #options: OutOfBagOptions;
  /** Numbers that a vote has: its value, or the share of each class. */
  readonly #outputs: number;
  readonly #grid: number;
  // Made with the first vote: a thread that only grows trees needs neither.
  #sums = new Float64Array(0);
  #votes = new Uint32Array(0);
  #trees = 0;

  constructor(matrix: Matrix, options: OutOfBagOptions) {
    const { problemType, truth, classes } = options;
    this.#matrix = matrix;
    this.#options = options;
    this.#outputs = problemType === "regression" ? 1 : classes;
    this.#grid = problemType === "regression" ? gridOf(truth) : 2 ** 32;
  }

  /** The leaf of each row that the tree did not draw, -1 of the others. */
  leavesOf(line: TreeLine, draws: Uint32Array): Int32Array {
    const { rows, codes } = this.#matrix;
    const tree = compactTree(line, this.#options.problemType);
    const leaves = new Int32Array(rows).fill(-1);
    for (let row = 0; row < rows; row++) {
      if (draws[row] === 0) leaves[row] = leafOf(tree, codes, { stride: rows, at: row });
    }
    return leaves;
  }

  /** Counts a tree's votes on the rows that have a leaf. */
  add(line: TreeLine, leaves: Int32Array): void {
    const { rows } = this.#matrix;
    const { problemType } = this.#options;
    const tree = compactTree(line, problemType);
    if (this.#trees++ === 0) {
      this.#sums = new Float64Array(rows * this.#outputs);
      this.#votes = new Uint32Array(rows);
    }
    const sums = this.#sums;
    const votes = this.#votes;
    const entries = tree.entry.map((entry) => Math.round(entry * this.#grid));
    for (let row = 0; row < rows; row++) {
      const leaf = leaves[row]!;
      if (leaf < 0) continue;
      votes[row] = votes[row]! + 1;
      for (let k = tree.start[leaf]!; k < tree.start[leaf + 1]!; k++) {
        const at = row * this.#outputs + (problemType === "regression" ? 0 : tree.classOf[k]!);
        sums[at] = sums[at]! + entries[k]!;
      }
    }
  }

  /** By row: the mean vote, or the most probable class; NaN where no tree voted. */
  predictions(): Float64Array {
    const predicted = new Float64Array(this.#matrix.rows).fill(NaN);
    const regression = this.#options.problemType === "regression";
    this.#votes.forEach((count, row) => {
      if (count === 0) return;
      const votes = this.#votesOn(row);
      predicted[row] = regression ? votes[0]! / count / this.#grid : mostProbable(votes);
    });
    return predicted;
  }

  /** Row after row, the mean share of each class; NaN where no tree voted. Undefined for a regression. */
  probabilities(): Float64Array | undefined {
    if (this.#options.problemType === "regression") return undefined;
    const outputs = this.#outputs;
    const shares = new Float64Array(this.#matrix.rows * outputs).fill(NaN);
    this.#votes.forEach((count, row) => {
      if (count === 0) return;
      // Rounded to the grid, the shares of a leaf may miss 1 by a little: divided by their sum they hit it.
      const votes = this.#votesOn(row);
      const whole = votes.reduce((sum, share) => sum + share, 0);
      votes.forEach((share, k) => (shares[row * outputs + k] = share / whole));
    });
    return shares;
  }

  score(): OutOfBagScore | undefined {
    const { problemType, truth } = this.#options;
    const rows = this.#votes.reduce((count, vote) => (vote > 0 ? count + 1 : count), 0);
    if (rows === 0) return undefined;
    const predicted = this.predictions();
    const score = problemType === "regression" ? r2(predicted, truth) : accuracy(predicted, truth);
    if (score === undefined) return undefined;
    return { metric: problemType === "regression" ? "r2" : "accuracy", score, rows, trees: this.#trees };
  }

  #votesOn(row: number): Float64Array {
    return this.#sums.subarray(row * this.#outputs, (row + 1) * this.#outputs);
  }
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
