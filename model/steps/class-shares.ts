/** Scores of classes become probabilities, row by row: what every predictor that scores classes ends with. */
import { softmax } from "./softmax.ts";
import type { Matrix } from "./step.ts";

export interface ScoredClasses {
  /** Of the classes that are scored; the others get probability 0. */
  readonly codes: Int32Array;
  /** How many the target has. */
  readonly classes: number;
}

/** @param score writes the scores of one row, one for each code; what it finds there is the last row's */
export function classShares(
  rows: number,
  { codes, classes }: ScoredClasses,
  score: (row: number, scores: Float64Array) => void,
): Matrix {
  const values = new Float64Array(rows * classes);
  const scores = new Float64Array(codes.length);
  for (let row = 0; row < rows; row++) {
    score(row, scores);
    softmax(scores, 0, codes.length);
    for (let k = 0; k < codes.length; k++) values[row * classes + codes[k]!] = scores[k]!;
  }
  return { rows, columns: classes, values };
}
