/**
 * One tree by ml-random-forest, told what it needs to be told, and read back as preorder arrays.
 *
 * The rows are drawn here, not by the library: it grows one tree of exactly the rows given, repeats included
 * (`useSampleBagging: false`). So a tree follows from (seed, tree) as every other grower's does, and the rows it has not
 * seen are known without asking. All that the library's seed decides is the order of the columns, by which it prefers one
 * of two equal splits. The other options, and why:
 *
 *     noOOB          true     or it keeps, and sorts, its predictions for every row
 *     maxFeatures    1        a part of the columns would be drawn per tree, not per split
 *     replacement    false    or a tree may be given the same column twice and another never
 *     gainThreshold  -1       regression: its gain is the squared error left, and 0 is a perfect split
 *                    1e-9     classification: its default of 0.01 stops at splits that are worth having
 *     minNumSamples  s - 1    it splits what has more rows than this
 */
import { Matrix } from "ml-matrix";
import { RandomForestClassifier, RandomForestRegression } from "ml-random-forest";
import type { TreeArrays } from "../../model/format.ts";

/** The table as the library takes it: no missing value, categories as their codes. Plain values, to cross to a process. */
export interface LibraryTable {
  /** Row by row. */
  readonly cells: Float64Array;
  readonly columns: number;
  /** Values, or classes from 0 on. */
  readonly truth: Float64Array;
  /** 0 for regression. */
  readonly classes: number;
  /** Infinity where unlimited. */
  readonly maxDepth: number;
  /** Fewest rows that are split. */
  readonly minSamplesSplit: number;
}

export interface LibraryDraw {
  /** A 32-bit integer. */
  readonly seed: number;
  /** Rows to grow from, with repeats. */
  readonly rows: Uint32Array;
}

/** A node of the library's. Either both children are there, or the node is a leaf. */
interface LibraryNode {
  readonly left?: LibraryNode;
  readonly right?: LibraryNode;
  readonly splitColumn?: number;
  readonly splitValue?: number;
  /** Of a leaf: the mean, or a row vector of the classes' shares. */
  readonly distribution?: unknown;
}

export type ThresholdTree = Required<Pick<TreeArrays, "feature" | "threshold">> & {
  /** Of each node the index of its right child; of a leaf -1. */
  readonly right: readonly number[];
  /** Regression: one mean per leaf. Classification: empty, as the rows say it exactly (see leaf-values.ts). */
  readonly means: readonly number[];
};

export function growLibraryTree(table: LibraryTable, { seed, rows }: LibraryDraw): ThresholdTree {
  const { cells, columns, classes, truth, maxDepth, minSamplesSplit } = table;
  const Engine = classes === 0 ? RandomForestRegression : RandomForestClassifier;
  const engine = new Engine({
    nEstimators: 1,
    seed,
    maxFeatures: 1,
    replacement: false,
    noOOB: true,
    useSampleBagging: false,
    treeOptions: { gainThreshold: classes === 0 ? -1 : 1e-9, minNumSamples: minSamplesSplit - 1, maxDepth },
  });
  const drawn = new Matrix(rows.length, columns);
  rows.forEach((row, place) => drawn.setRow(place, Array.from(cells.subarray(row * columns, (row + 1) * columns))));
  // Its types leave out that it takes a matrix, and what it keeps of it.
  engine.train(
    drawn as unknown as number[][],
    Array.from(rows, (row) => truth[row]!),
  );
  const { estimators, indexes } = engine as unknown as {
    estimators: readonly [{ readonly root: LibraryNode }];
    indexes: readonly [readonly number[]];
  };
  return preorder(estimators[0].root, indexes[0]);
}

/** @param order the table's column that each of the tree's columns is */
function preorder(root: LibraryNode, order: readonly number[]): ThresholdTree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const right: number[] = [];
  const means: number[] = [];
  const open: { node: LibraryNode; rightOf?: number }[] = [{ node: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, rightOf } = next;
    const index = feature.length;
    if (rightOf !== undefined) right[rightOf] = index;
    right.push(-1);
    if (node.left === undefined || node.right === undefined) {
      feature.push(-1);
      if (typeof node.distribution === "number") means.push(node.distribution);
    } else {
      feature.push(order[node.splitColumn!]!);
      threshold.push(node.splitValue!);
      open.push({ node: node.right, rightOf: index }, { node: node.left });
    }
  }
  return { feature, threshold, right, means };
}
