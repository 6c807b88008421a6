/**
 * The trees of an ensemble in two lists, one tree after the other, each in preorder: `feature` has an entry for each node,
 * the column of a split or -1 of a leaf, and `threshold` one for each split. A row goes left where its number in that
 * column is at most the threshold. Where a tree ends follows from its preorder, so nothing says it.
 */
import { LineError } from "../errors.ts";
import { type Fields, finite, integers, list } from "../fields.ts";
import type { Matrix } from "./step.ts";

export interface FittedTrees {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
}

/** Trees that can be walked. */
export interface Trees {
  /** By tree: its first node. */
  readonly roots: Int32Array;
  /** By node: the column, or -1 of a leaf. */
  readonly feature: Int32Array;
  /** By node: of a split its right child, whose left one is the next node; of a leaf its number, over all trees. */
  readonly next: Int32Array;
  /** By node: of a leaf anything. */
  readonly threshold: Float64Array;
}

/** @throws {LineError} unless the lists describe at least one tree whose splits are by columns that exist */
export function readTrees(fields: Fields, { columns }: { readonly columns: number }): Trees {
  const feature = integers(fields, "feature", { min: -1, max: columns - 1 });
  const threshold = finite(fields, "threshold");
  const leaves = list(fields, "value").length;
  const splits = feature.reduce((count, column) => (column < 0 ? count : count + 1), 0);
  if (threshold.length !== splits)
    throw new LineError(`feature has ${splits} splits, threshold has ${threshold.length}`);
  if (feature.length - splits !== leaves)
    throw new LineError(`feature has ${feature.length - splits} leaves, value has ${leaves}`);
  if (feature.length === 0 || !endsWithATree(feature)) throw new LineError("feature ends before its last tree does");
  return treesOf({ feature, threshold });
}

/** A tree is complete as soon as it has one leaf more than splits. */
function endsWithATree(feature: readonly number[]): boolean {
  let open = 0;
  for (const column of feature) open = Math.max(open, 1) + (column < 0 ? -1 : 1);
  return open === 0;
}

/** @param trees as a grower made them: they are not checked */
export function treesOf({ feature, threshold }: FittedTrees): Trees {
  const nodes = feature.length;
  const next = new Int32Array(nodes);
  const thresholds = new Float64Array(nodes);
  const roots: number[] = [];
  // Splits whose left subtree is not complete: the node after it is the right child of the last of them.
  const open: number[] = [];
  let splits = 0;
  let isRoot = true;
  for (let node = 0; node < nodes; node++) {
    if (isRoot) roots.push(node);
    isRoot = false;
    if (feature[node]! >= 0) {
      thresholds[node] = threshold[splits++]!;
      open.push(node);
      continue;
    }
    next[node] = node - splits;
    const parent = open.pop();
    if (parent === undefined) isRoot = true;
    else next[parent] = node + 1;
  }
  return { roots: Int32Array.from(roots), feature: Int32Array.from(feature), next, threshold: thresholds };
}

/** @param leaves the number of the leaf that each row falls into, written */
export function findLeaves(trees: Trees, root: number, { x, leaves }: { x: Matrix; leaves: Int32Array }): void {
  const { feature, next, threshold } = trees;
  const { columns, values } = x;
  for (let row = 0, at = 0; row < leaves.length; row++, at += columns) {
    let node = root;
    for (let column = feature[node]!; column >= 0; column = feature[node]!)
      node = values[at + column]! <= threshold[node]! ? node + 1 : next[node]!;
    leaves[row] = next[node]!;
  }
}
