/**
 * A tree for prediction: 8 bytes a node (16 with thresholds), and 12 or more a leaf. The left child of a node is the next
 * node (preorder), so only the right one is stored. Of each node two integers stand side by side, because a walk waits for
 * memory more than for anything else:
 *
 *              split                                                        leaf
 *     first    column * 512 + bin (+ 256 + 1: missing goes left, see below)     -1
 *     second   index of the right child                                         index of the leaf
 *
 * Where missing values go left, a code c is compared as (c + 1) % 256 with bin + 1: that makes the missing code the least.
 */
import type { ModelHeader, TreeArrays } from "./format.ts";

export interface CompactTree {
  readonly nodes: Int32Array;
  /** Of each node, anything for a leaf; absent in a tree with bins. In a tree with thresholds each bin counts as 0. */
  readonly thresholds?: Float64Array;
  /** Leaf `i` has the entries from `start[i]` to `start[i + 1]`: in regression one, its value; else its classes' shares. */
  readonly start: Int32Array;
  readonly entry: Float64Array;
  /** Class of each entry; empty in regression. */
  readonly classOf: Int32Array;
}

/**
 * @param tree a line that `parseTree` or the grower made, or a tree of an iteration: its shape is not checked again
 * @param kind of the leaves: those of boosting are numbers, as in regression, whatever the model predicts
 */
export function compactTree(tree: TreeArrays, kind: ModelHeader["problemType"]): CompactTree {
  const leaves = kind === "regression" ? compactValues(tree) : compactShares(tree);
  return { ...compactNodes(tree), ...leaves };
}

function compactNodes({ feature, bin, threshold, ...tree }: TreeArrays): Pick<CompactTree, "nodes" | "thresholds"> {
  const nodes = new Int32Array(feature.length * 2);
  const thresholds = threshold && new Float64Array(feature.length);
  const missingLeft = new Set(tree.missingLeft);
  // Splits whose left subtree is being walked: the node after its end is the right child of the last of them.
  const open: number[] = [];
  let split = 0;
  let leaf = 0;
  feature.forEach((column, node) => {
    if (column >= 0) {
      nodes[node * 2] = column * 512 + (bin?.[split] ?? 0) + (missingLeft.has(split) ? 256 + 1 : 0);
      if (thresholds !== undefined) thresholds[node] = threshold![split]!;
      split++;
      open.push(node);
    } else {
      nodes[node * 2] = -1;
      nodes[node * 2 + 1] = leaf++;
      const parent = open.pop();
      if (parent !== undefined) nodes[parent * 2 + 1] = node + 1;
    }
  });
  return thresholds === undefined ? { nodes } : { nodes, thresholds };
}

type Leaves = Pick<CompactTree, "start" | "entry" | "classOf">;

function compactValues(tree: TreeArrays): Leaves {
  const entry = Float64Array.from(tree.value as readonly number[]);
  return { start: Int32Array.from({ length: entry.length + 1 }, (_, i) => i), entry, classOf: new Int32Array(0) };
}

export function compactShares(tree: Pick<TreeArrays, "value">): Leaves {
  const entry: number[] = [];
  const classOf: number[] = [];
  const start = [0];
  for (const leaf of tree.value) {
    const pairs = typeof leaf === "number" ? [leaf, 1] : leaf;
    let total = 0;
    for (let k = 1; k < pairs.length; k += 2) total += pairs[k]!;
    for (let k = 0; k < pairs.length; k += 2) {
      classOf.push(pairs[k]!);
      entry.push(pairs[k + 1]! / total);
    }
    start.push(entry.length);
  }
  return { start: Int32Array.from(start), entry: Float64Array.from(entry), classOf: Int32Array.from(classOf) };
}

/** Where a row's cells are: that of column `c` at `c * stride + at`. A table by rows has stride 1, one by columns its rows. */
interface Place {
  readonly stride: number;
  readonly at: number;
}

/**
 * The leaf that a row falls into, in a tree with bins.
 * @param codes as in encode.ts
 */
export function leafOf(tree: CompactTree, codes: Uint8Array, { stride, at }: Place): number {
  const { nodes } = tree;
  let node = 0;
  for (let split = nodes[0]!; split >= 0; split = nodes[node * 2]!) {
    const code = codes[(split >> 9) * stride + at]!;
    const left = ((code + ((split >> 8) & 1)) & 255) <= (split & 255);
    node = left ? node + 1 : nodes[node * 2 + 1]!;
  }
  return nodes[node * 2 + 1]!;
}

/**
 * The leaf that a row falls into, in a tree with thresholds.
 * @param values numbers as they are, categories by their code; NaN is missing
 */
export function leafByThreshold(tree: CompactTree, values: Float64Array, { stride, at }: Place): number {
  const { nodes, thresholds } = tree;
  let node = 0;
  for (let split = nodes[0]!; split >= 0; split = nodes[node * 2]!) {
    const value = values[(split >> 9) * stride + at]!;
    const left = value < thresholds![node]! || (Number.isNaN(value) && (split & 256) !== 0);
    node = left ? node + 1 : nodes[node * 2 + 1]!;
  }
  return nodes[node * 2 + 1]!;
}
