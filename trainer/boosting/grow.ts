/**
 * Growing one tree, best first: of all leaves, the one whose cut gains most is split next (of equal gains the older one), until there are as
 * many leaves as allowed or no cut gains. Of two children only the smaller one is added up from its rows; the other's histogram is
 * what is left of the parent's. Sums are exact, so it is the same one to the last bit.
 */
import type { BoostedTree } from "../../model/format.ts";
import type { Arena, Stretch } from "./arena.ts";
import type { Scales } from "./content.ts";
import { type Split, SplitSearch, type Sums } from "./split-search.ts";

export interface GrowOptions {
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
}

export interface GrownTree {
  /** In preorder, without the leaves' values. */
  readonly feature: number[];
  readonly bin: number[];
  readonly missingLeft: number[];
  /** By leaf, in preorder: its rows, in the arena's order until the next tree is grown. */
  readonly leaves: readonly Stretch[];
}

interface Node extends Stretch, Sums {
  readonly depth: number;
  /** Slot of its histogram; -1 if there was no room. */
  slot: number;
  split?: Split;
  children?: readonly [Node, Node];
}

export class TreeGrower {
  readonly #arena: Arena;
  readonly #options: GrowOptions;
  readonly #search: SplitSearch;
  /** Slots without a histogram. The last slot is never kept by a node. */
  readonly #free: number[];
  readonly #scratch: number;
  /** Nodes to split, the best last. */
  readonly #open: Node[] = [];

  constructor(arena: Arena, bins: Int32Array, options: GrowOptions) {
    this.#arena = arena;
    this.#options = options;
    const { minSamplesLeaf, l2Regularization } = options;
    this.#search = new SplitSearch({ bins, minSamplesLeaf, l2Regularization });
    this.#scratch = arena.slots - 1;
    this.#free = Array.from({ length: this.#scratch }, (_, slot) => slot);
  }

  /** @param gains by column of the table: what the splits gain is added */
  grow(scales: Scales, gains: Float64Array): GrownTree {
    this.#search.begin(scales);
    const root = this.#root();
    this.#consider(root);
    let leaves = 1;
    for (let node = this.#open.pop(); node !== undefined; node = this.#open.pop()) {
      const split = node.split!;
      leaves++;
      const column = this.#arena.columns[split.place]!;
      gains[column] = gains[column]! + split.gain;
      this.#split(node, split);
      if (leaves === this.#options.maxLeafNodes) {
        this.#release(node.slot);
        break;
      }
      this.#considerChildren(node);
    }
    for (const { slot } of this.#open) this.#release(slot);
    this.#open.length = 0;
    return this.#write(root);
  }

  #root(): Node {
    const stretch = this.#arena.restart();
    const { content } = this.#arena;
    let population = 0;
    let gradient = 0;
    for (let i = 0; i < content.length; i += 2) {
      population += content[i]!;
      gradient += content[i + 1]!;
    }
    return { ...stretch, population, gradient, depth: 0, slot: -1 };
  }

  #split(node: Node, { place, bin, missingLeft, left }: Split): void {
    const { start, end, population, gradient } = node;
    const middle = this.#arena.partition(node, { place, bin, missingLeft });
    const depth = node.depth + 1;
    const right = { population: population - left.population, gradient: gradient - left.gradient };
    node.children = [
      { ...left, start, end: middle, depth, slot: -1 },
      { ...right, start: middle, end, depth, slot: -1 },
    ];
  }

  #considerChildren(node: Node): void {
    const [left, right] = node.children!;
    const leftIsSmaller = left.end - left.start <= right.end - right.start;
    const [smaller, larger] = leftIsSmaller ? [left, right] : [right, left];
    if (!this.#maySplit(larger)) return this.#release(node.slot);
    this.#fill(smaller);
    if (node.slot >= 0) {
      larger.slot = node.slot;
      this.#arena.subtract(larger.slot, smaller.slot);
    }
    // In the order of the children, whatever their sizes, where both histograms are there; a histogram in the scratch slot comes first.
    this.#findSplit(smaller);
    if (node.slot < 0) this.#fill(larger);
    this.#findSplit(larger);
    this.#enqueue(left);
    this.#enqueue(right);
  }

  #maySplit({ start, end, depth }: Node): boolean {
    return end - start >= 2 * this.#options.minSamplesLeaf && depth < this.#options.maxDepth;
  }

  /** Adds up the node's histogram in a slot of its own, or for now in the scratch slot. */
  #fill(node: Node): void {
    node.slot = this.#free.pop() ?? this.#scratch;
    this.#arena.fill(node, node.slot);
  }

  #consider(root: Node): void {
    if (!this.#maySplit(root)) return;
    this.#fill(root);
    this.#findSplit(root);
    this.#enqueue(root);
  }

  #findSplit(node: Node): void {
    const { histograms, slotLength } = this.#arena;
    const split = this.#maySplit(node) ? this.#search.search(histograms, node.slot * slotLength, node) : undefined;
    if (split === undefined) this.#release(node.slot);
    else node.split = split;
    if (split === undefined || node.slot === this.#scratch) node.slot = -1;
  }

  #release(slot: number): void {
    if (slot >= 0 && slot !== this.#scratch) this.#free.push(slot);
  }

  /** Older nodes stand behind younger ones of the same gain. */
  #enqueue(node: Node): void {
    if (node.split === undefined) return;
    const open = this.#open;
    const { gain } = node.split;
    let low = 0;
    let high = open.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (open[middle]!.split!.gain < gain) low = middle + 1;
      else high = middle;
    }
    open.splice(low, 0, node);
  }

  #write(root: Node): GrownTree {
    const tree: GrownTree & { leaves: Stretch[] } = { feature: [], bin: [], missingLeft: [], leaves: [] };
    const rest = [root];
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      const { split, children } = node;
      if (split === undefined || children === undefined) {
        tree.feature.push(-1);
        tree.leaves.push(node);
        continue;
      }
      if (split.missingLeft) tree.missingLeft.push(tree.bin.length);
      tree.feature.push(this.#arena.columns[split.place]!);
      tree.bin.push(split.bin);
      rest.push(children[1], children[0]);
    }
    return tree;
  }
}

/** The tree with its leaves' values. */
export function withValues({ feature, bin, missingLeft }: GrownTree, value: readonly number[]): BoostedTree {
  return { feature, bin, ...(missingLeft.length > 0 ? { missingLeft } : {}), value };
}
