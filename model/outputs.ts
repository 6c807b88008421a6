/** What a model answers for a row: of trees from what they have added up, of a pipeline from its last step. */
import type { ModelHeader, TreesHeaderLine } from "./format.ts";
import { mostProbable } from "./most-probable.ts";

/** Probabilities of all classes sum to 1, in the order of the header's classes; ties go to the class that comes first there. */
export type Prediction =
  | { readonly label: string; readonly probabilities: Readonly<Record<string, number>> }
  | { readonly value: number };

/** Numbers that trees add to, per row: classes of a forest, baselines of boosting, else one. */
export function sumsPerRow(header: TreesHeaderLine): number {
  return header.trainer === "gradientBoosting"
    ? header.gradientBoosting.baseline.length
    : (header.classes?.length ?? 1);
}

/**
 * Values (regression), or the probabilities of the classes one after the other, row by row.
 * @param sums of boosting raw scores, of a forest sums over `trees` trees
 */
export function outputsOf(header: TreesHeaderLine, sums: Float64Array, trees: number): Float64Array {
  if (header.trainer === "randomForest") return sums.map((sum) => sum / trees);
  if (header.classes === undefined) return sums;
  return header.classes.length === 2 ? ofLogits(sums) : softmax(sums, header.classes.length);
}

/** p of classes[1] = 1 / (1 + exp(-raw)). */
function ofLogits(raw: Float64Array): Float64Array {
  const outputs = new Float64Array(raw.length * 2);
  for (let row = 0; row < raw.length; row++) {
    const p = 1 / (1 + Math.exp(-raw[row]!));
    outputs[row * 2] = 1 - p;
    outputs[row * 2 + 1] = p;
  }
  return outputs;
}

/** The largest score is subtracted first: no exponential overflows. */
function softmax(raw: Float64Array, classes: number): Float64Array {
  const outputs = new Float64Array(raw.length);
  for (let from = 0; from < raw.length; from += classes) {
    let largest = -Infinity;
    for (let k = from; k < from + classes; k++) largest = Math.max(largest, raw[k]!);
    let total = 0;
    for (let k = from; k < from + classes; k++) total += outputs[k] = Math.exp(raw[k]! - largest);
    for (let k = from; k < from + classes; k++) outputs[k] = outputs[k]! / total;
  }
  return outputs;
}

/** Outputs as a person reads them. */
export function predictionsOf({ classes }: ModelHeader, outputs: Float64Array): Prediction[] {
  if (classes === undefined) return Array.from(outputs, (value) => ({ value }));
  // fromEntries defines own properties, and a copy has them too, so a class may be called __proto__.
  const blank: Readonly<Record<string, number>> = Object.fromEntries(classes.map((label) => [label, NaN]));
  return Array.from({ length: outputs.length / classes.length }, (_, row) => {
    const shares = outputs.subarray(row * classes.length, (row + 1) * classes.length);
    const probabilities = { ...blank };
    for (let c = 0; c < classes.length; c++) probabilities[classes[c]!] = shares[c]!;
    return { label: classes[mostProbable(shares)]!, probabilities };
  });
}
