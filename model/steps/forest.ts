/**
 * The mean of what trees say: one tree, a random forest, extremely randomised trees. A leaf says a number; of classes it
 * says each one's share of its weight, as in a `tree` line (model/format.ts).
 */
import { compactShares } from "../compact.ts";
import { asFields, finite, list } from "../fields.ts";
import { parseValues } from "../tree.ts";
import type { Matrix, Step } from "./step.ts";
import { type FittedTrees, findLeaves, readTrees, type Trees } from "./trees.ts";

export interface FittedForest extends FittedTrees {
  /** By leaf: a number; or a class, or `[class, weight, class, weight, ...]` with classes ascending. */
  readonly value: readonly (number | readonly number[])[];
}

export const forest: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const trees = readTrees(fields, { columns });
    const addLeaves = classes === undefined ? addNumbers(finite(fields, "value")) : addShares(fields, classes);
    const outputs = classes ?? 1;
    return { columns: outputs, apply: (x) => mean(trees, addLeaves, { x, outputs }) };
  },
};

/** Adds what the leaves of some rows say to sums, as many for each row as the step has outputs. */
type AddLeaves = (leaves: Int32Array, sums: Float64Array) => void;

function addNumbers(value: readonly number[]): AddLeaves {
  const numbers = Float64Array.from(value);
  return (leaves, sums) => {
    for (let row = 0; row < leaves.length; row++) sums[row]! += numbers[leaves[row]!]!;
  };
}

function addShares(fields: ReturnType<typeof asFields>, classes: number): AddLeaves {
  const { start, entry, classOf } = compactShares({ value: parseValues(list(fields, "value"), classes) });
  return (leaves, sums) => {
    for (let row = 0, at = 0; row < leaves.length; row++, at += classes) {
      const leaf = leaves[row]!;
      const end = start[leaf + 1]!;
      for (let k = start[leaf]!; k < end; k++) sums[at + classOf[k]!]! += entry[k]!;
    }
  };
}

function mean(trees: Trees, addLeaves: AddLeaves, { x, outputs }: { x: Matrix; outputs: number }): Matrix {
  const values = new Float64Array(x.rows * outputs);
  const leaves = new Int32Array(x.rows);
  for (const root of trees.roots) {
    findLeaves(trees, root, { x, leaves });
    addLeaves(leaves, values);
  }
  for (let i = 0; i < values.length; i++) values[i]! /= trees.roots.length;
  return { rows: x.rows, columns: outputs, values };
}
