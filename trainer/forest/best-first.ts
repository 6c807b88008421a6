/**
 * Growing one tree best first: of all leaves that could be split, the one whose split decreases the impurity most, until the
 * tree has its number of leaves. Of equal ones the older. The line is written in preorder all the same.
 */
import type { Leaf } from "./criterion.ts";
import { CutSearch, type Found, type Ground, leftChild, type Node, rightChild } from "./search.ts";
import { type TreeArrays, TreeWriter } from "./tree-writer.ts";

interface Branch {
  readonly node: Node;
  readonly leaf: Leaf;
  /** How it would be split. */
  readonly cut?: Found;
  readonly age: number;
  /** Once it is split. */
  children?: readonly [Branch, Branch];
}

/** Grows trees of at most `leaves` leaves of what is in the bag, one after the other; the bag's rows are reordered. */
export function bestFirst(ground: Ground, leaves: number): (key: number) => TreeArrays {
  const { matrix, bag, criterion } = ground;
  const search = new CutSearch(ground);
  let age = 0;
  const branch = (node: Node): Branch => {
    const cut = search.cutOf(node);
    const found = { node, leaf: criterion.leaf(), age: age++ };
    return cut === undefined ? found : { ...found, cut };
  };
  return (key) => {
    age = 0;
    search.begin();
    const root = branch({ start: 0, end: bag.size, depth: 0, key });
    const frontier = new Frontier();
    frontier.add(root);
    for (let count = 1; count < leaves; count++) {
      const next = frontier.take();
      if (next === undefined) break;
      const { node, cut } = next;
      const middle = bag.partition(matrix, cut!, node);
      const children = [branch(leftChild(node, middle)), branch(rightChild(node, middle))] as const;
      next.children = children;
      for (const child of children) frontier.add(child);
    }
    return written(root, matrix.columns.length);
  };
}

function written(root: Branch, columns: number): TreeArrays {
  const tree = new TreeWriter(columns);
  const open = [root];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    if (branch.children === undefined) {
      tree.leaf(branch.leaf);
      continue;
    }
    tree.split(branch.cut!, branch.cut!.decrease);
    open.push(branch.children[1], branch.children[0]);
  }
  return tree.finish();
}

/** A binary heap of branches that can be split, the best on top. */
class Frontier {
  readonly #heap: Branch[] = [];

  add(branch: Branch): void {
    if (branch.cut === undefined) return;
    const heap = this.#heap;
    let at = heap.length;
    heap.push(branch);
    for (let parent = (at - 1) >> 1; at > 0 && before(branch, heap[parent]!); parent = (at - 1) >> 1) {
      heap[at] = heap[parent]!;
      heap[parent] = branch;
      at = parent;
    }
  }

  take(): Branch | undefined {
    const heap = this.#heap;
    const best = heap[0];
    const last = heap.pop();
    if (last === undefined || best === last) return best;
    heap[0] = last;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      heap[child] = last;
      at = child;
    }
    return best;
  }
}

function before(a: Branch, b: Branch): boolean {
  return a.cut!.decrease > b.cut!.decrease || (a.cut!.decrease === b.cut!.decrease && a.age < b.age);
}
