/**
 * A tree for prediction, in typed arrays: 10 bytes a node, and 8 (regression: 12) or more a leaf. The left child of a node
 * is the next node (preorder), so only the right one is stored:
 *
 *     node      split: its column          leaf: -1
 *     cut       split: bin, +256 where missing values go left
 *     next      split: its right child     leaf: index of the leaf
 */
import { missingCode } from "./encode.ts";
import type { HeaderLine, TreeLine } from "./format.ts";

export interface CompactTree {
  readonly node: Int32Array;
  readonly cut: Uint16Array;
  readonly next: Int32Array;
  /** Leaf `i` has the entries from `start[i]` to `start[i + 1]`: in regression one, its value; else its classes' shares. */
  readonly start: Int32Array;
  readonly entry: Float64Array;
  /** Class of each entry; empty in regression. */
  readonly classOf: Int32Array;
}

/** @param tree a line that `parseTree` or the grower made: its shape is not checked again */
export function compactTree(tree: TreeLine, problemType: HeaderLine["problemType"]): CompactTree {
  const leaves = problemType === "regression" ? compactValues(tree) : compactShares(tree);
  return { ...compactNodes(tree), ...leaves };
}

function compactNodes(tree: TreeLine): Pick<CompactTree, "node" | "cut" | "next"> {
  const node = Int32Array.from(tree.feature);
  const cut = new Uint16Array(node.length);
  const next = new Int32Array(node.length);
  const missingLeft = new Set(tree.missingLeft);
  // Splits whose left subtree is being walked: the node after its end is the right child of the last of them.
  const open: number[] = [];
  let split = 0;
  let leaf = 0;
  for (let i = 0; i < node.length; i++) {
    if (node[i]! >= 0) {
      cut[i] = tree.bin[split]! + (missingLeft.has(split) ? 256 : 0);
      split++;
      open.push(i);
    } else {
      next[i] = leaf++;
      const parent = open.pop();
      if (parent !== undefined) next[parent] = i + 1;
    }
  }
  return { node, cut, next };
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
  const { node, cut, next } = tree;
  let i = 0;
  for (let column = node[0]!; column >= 0; column = node[i]!) {
    const code = codes[column * stride + at]!;
    const bin = cut[i]!;
    i = code <= (bin & 255) || (code === missingCode && bin >= 256) ? i + 1 : next[i]!;
  }
  return next[i]!;
}
