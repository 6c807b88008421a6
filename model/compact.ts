/**
 * A tree for prediction: 8 bytes a node, and 12 or more a leaf. The left child of a node is the next node (preorder), so only the
 * right one is stored. Of each node two integers stand side by side, because a walk waits for memory more than for anything else:
 *
 *              split                                             leaf
 *     first    column * 512 + bin (+ 256: missing goes left)     -1
 *     second   index of the right child                          index of the leaf
 */
import { missingCode } from "./encode.ts";
import type { HeaderLine, TreeLine } from "./format.ts";

export interface CompactTree {
  readonly nodes: Int32Array;
  /** Leaf `i` has the entries from `start[i]` to `start[i + 1]`: in regression one, its value; else its classes' shares. */
  readonly start: Int32Array;
  readonly entry: Float64Array;
  /** Class of each entry; empty in regression. */
  readonly classOf: Int32Array;
}

/** @param tree a line that `parseTree` or the grower made: its shape is not checked again */
export function compactTree(tree: TreeLine, problemType: HeaderLine["problemType"]): CompactTree {
  const leaves = problemType === "regression" ? compactValues(tree) : compactShares(tree);
  return { nodes: compactNodes(tree), ...leaves };
}

function compactNodes(tree: TreeLine): Int32Array {
  const nodes = new Int32Array(tree.feature.length * 2);
  const missingLeft = new Set(tree.missingLeft);
  // Splits whose left subtree is being walked: the node after its end is the right child of the last of them.
  const open: number[] = [];
  let split = 0;
  let leaf = 0;
  tree.feature.forEach((column, node) => {
    if (column >= 0) {
      nodes[node * 2] = column * 512 + tree.bin[split]! + (missingLeft.has(split) ? 256 : 0);
      split++;
      open.push(node);
    } else {
      nodes[node * 2] = -1;
      nodes[node * 2 + 1] = leaf++;
      const parent = open.pop();
      if (parent !== undefined) nodes[parent * 2 + 1] = node + 1;
    }
  });
  return nodes;
}

type Leaves = Pick<CompactTree, "start" | "entry" | "classOf">;

function compactValues(tree: TreeLine): Leaves {
  const entry = Float64Array.from(tree.value as readonly number[]);
  return { start: Int32Array.from({ length: entry.length + 1 }, (_, i) => i), entry, classOf: new Int32Array(0) };
}

function compactShares(tree: TreeLine): Leaves {
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

/**
 * The leaf that a row falls into.
 * @param codes the row's code in column `c` is `codes[c * stride + at]`: a table by rows has stride 1, one by columns its rows
 */
export function leafOf(tree: CompactTree, codes: Uint8Array, { stride, at }: { stride: number; at: number }): number {
  const { nodes } = tree;
  let node = 0;
  for (let split = nodes[0]!; split >= 0; split = nodes[node * 2]!) {
    const code = codes[(split >> 9) * stride + at]!;
    const left = code <= (split & 255) || (code === missingCode && (split & 256) !== 0);
    node = left ? node + 1 : nodes[node * 2 + 1]!;
  }
  return nodes[node * 2 + 1]!;
}
