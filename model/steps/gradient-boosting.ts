/**
 * Boosting: each tree adds a step to a raw score; with three or more classes every iteration has a tree for each of them.
 * Scores become probabilities by the logistic function or, of more than two classes, by its generalisation.
 */
import { LineError } from "../errors.ts";
import { asFields, finite } from "../fields.ts";
import { fittedClasses } from "./arrays.ts";
import { softmax } from "./softmax.ts";
import type { Matrix, Step } from "./step.ts";
import { type FittedTrees, findLeaves, readTrees, type Trees } from "./trees.ts";

export interface FittedBoosting extends FittedTrees {
  /** Of classes: those that had rows, ascending; the others have probability 0. */
  readonly classes?: readonly number[];
  /** Where the scores begin: of a number and of two classes (there the second one's) one score, else one for each class. */
  readonly baseline: readonly number[];
  /** By leaf: the step, cut short by the learning rate. Tree `t` is of score `t` modulo the number of scores. */
  readonly value: readonly number[];
}

/** How many scores tell so many classes apart; undefined: a number. Of a single class there is nothing to tell. */
export const scoresOf = (classes: number | undefined): number => (classes === undefined || classes === 2 ? 1 : classes);

export const gradientBoosting: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const present = classes === undefined ? undefined : fittedClasses(fields, classes);
    const baseline = finite(fields, "baseline");
    if (baseline.length !== scoresOf(present?.length))
      throw new LineError(`baseline has ${baseline.length} scores where ${scoresOf(present?.length)} are needed`);
    const value = Float64Array.from(finite(fields, "value"));
    const trees = readTrees(fields, { columns });
    if (trees.roots.length % baseline.length !== 0)
      throw new LineError(`feature has ${trees.roots.length} trees, no multiple of ${baseline.length}`);
    const boosted = { trees, baseline, value };
    if (present === undefined) return { columns: 1, apply: (x) => scores(boosted, x) };
    return { columns: classes!, apply: (x) => probabilities(scores(boosted, x), present, classes!) };
  },
};

interface Boosted {
  readonly trees: Trees;
  readonly baseline: readonly number[];
  readonly value: Float64Array;
}

function scores({ trees, baseline, value }: Boosted, x: Matrix): Matrix {
  const width = baseline.length;
  const values = Float64Array.from({ length: x.rows * width }, (_, i) => baseline[i % width]!);
  const leaves = new Int32Array(x.rows);
  trees.roots.forEach((root, tree) => {
    findLeaves(trees, root, { x, leaves });
    for (let row = 0, at = tree % width; row < leaves.length; row++, at += width) values[at]! += value[leaves[row]!]!;
  });
  return { rows: x.rows, columns: width, values };
}

function probabilities({ rows, columns, values }: Matrix, present: Int32Array, classes: number): Matrix {
  const answers = new Float64Array(rows * classes);
  const of = new Float64Array(present.length);
  for (let row = 0; row < rows; row++) {
    // Of two classes the first one's score is 0.
    of.fill(0);
    for (let k = 0; k < columns; k++) of[present.length - columns + k] = values[row * columns + k]!;
    softmax(of, 0, of.length);
    present.forEach((code, k) => (answers[row * classes + code] = of[k]!));
  }
  return { rows, columns: classes, values: answers };
}
