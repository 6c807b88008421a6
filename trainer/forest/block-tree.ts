/**
 * Growing what is below a small node, in a block of its rows: the same subtree that the search by histograms would grow. Most
 * nodes of a fully grown tree are here, and most of these have two or three rows.
 */
import type { Bag } from "./bag.ts";
import { BestCut } from "./best-cut.ts";
import { BlockScan } from "./block-scan.ts";
import { FeatureDraw, leftKey, lotOf, rightKey } from "./feature-draw.ts";
import type { Matrix } from "./matrix.ts";
import type { MeanOptions } from "./mean-criterion.ts";
import type { GrowOptions, Node } from "./search.ts";
import { blockRows } from "./block-kernels.ts";
import { SortedBlock } from "./sorted-block.ts";
import { TreeWriter } from "./tree-writer.ts";

/** A stretch of the block's orders; `depth` counts from the top of the block. */
interface BlockNode extends Node {
  readonly sum: number;
  readonly weight: number;
  readonly pure: boolean;
  /** Two of its rows, where it has as many: all that there is to know of a pair. */
  readonly row: number;
  readonly otherRow: number;
}

interface Options {
  readonly mean: MeanOptions;
  readonly options: GrowOptions;
}

export class BlockTree {
  readonly #block: SortedBlock;
  readonly #best: BestCut;
  readonly #scan: BlockScan;
  readonly #draw: FeatureDraw;
  readonly #mean: MeanOptions;
  readonly #options: GrowOptions;
  /** Every node tries all columns. */
  readonly #all: boolean;
  /** Fewest rows of a node that may be split. */
  readonly #splittable: number;
  /** Where the order of the best column begins, in the node that was searched. */
  #bestOrder = 0;
  #deepest = Infinity;
  #leastDecrease = -Infinity;
  #tree = new TreeWriter(0);

  constructor(bag: Bag, matrix: Matrix, { mean, options }: Options) {
    this.#block = new SortedBlock(bag, matrix, mean.truth);
    this.#best = new BestCut(options.minSamplesLeaf);
    this.#scan = new BlockScan(this.#block, this.#best, { mean, least: options.minSamplesLeaf });
    this.#draw = new FeatureDraw(matrix.varying, options.columnsPerSplit);
    this.#mean = mean;
    this.#options = options;
    this.#all = options.columnsPerSplit >= matrix.varying.length;
    this.#splittable = Math.max(options.minSamplesSplit, 2 * options.minSamplesLeaf);
  }

  /** The tree that is being grown, and the least decrease of purity for which a node of it is split. */
  begin(tree: TreeWriter, leastDecrease: number): void {
    this.#tree = tree;
    this.#leastDecrease = leastDecrease;
  }

  /** Writes the subtree of a node of the bag with at most `blockRows` rows. */
  grow({ start, end, depth, key }: Node): void {
    const block = this.#block;
    this.#deepest = this.#options.maxDepth - depth;
    block.fill(start, end);
    const { truth } = block;
    const rows = end - start;
    let sum = 0;
    let whole = 0;
    let pure = true;
    for (let row = 0; row < rows; row++) {
      sum += block.contentOf(row);
      whole += block.weightOf(row);
      if (truth[row] !== truth[0]) pure = false;
    }
    const top = { start: 0, end: rows, depth: 0, key, sum, weight: whole, pure, row: 0, otherRow: 1 };
    if (this.#all && this.#needsOrder(top)) block.sort(rows);
    this.#growNode(top);
  }

  #growNode(node: BlockNode): void {
    const { sum, weight, start, end } = node;
    const pair = end - start === 2;
    if (this.#mayBeSplit(node)) {
      if (pair) this.#searchPair(node);
      else this.#search(node);
      const best = this.#best;
      const decrease = best.score - this.#mean.purity(sum, weight);
      if (best.found && decrease >= this.#leastDecrease) {
        this.#tree.split(best, decrease);
        if (pair) return this.#splitPair(node);
        const [left, right] = this.#divide(node);
        this.#growNode(left);
        this.#growNode(right);
        return;
      }
    }
    this.#tree.leaf(this.#mean.leafOf(sum, weight));
  }

  #mayBeSplit({ start, end, depth, pure }: BlockNode): boolean {
    return !pure && end - start >= this.#splittable && depth < this.#deepest;
  }

  /** Its rows have to be in order: it may be split, and not as a pair is. */
  #needsOrder(node: BlockNode): boolean {
    return node.end - node.start > 2 && this.#mayBeSplit(node);
  }

  #search(node: BlockNode): void {
    this.#best.restart(node.key);
    if (this.#all) this.#tryAll(node);
    else this.#tryDrawn(node);
  }

  #tryAll(node: BlockNode): void {
    const { size, columns, memory } = this.#block;
    const { start, end, depth } = node;
    const orders = memory.orders[depth & 1]!;
    this.#scan.enter(node);
    for (let k = 0; k < size; k++) {
      const first = orders + k * blockRows + start;
      this.#scan.offerCuts(columns[k]!, first, first + end - start - 1);
      if (this.#best.column === columns[k]) this.#bestOrder = first;
    }
  }

  #tryDrawn(node: BlockNode): void {
    const { columnsPerSplit } = this.#options;
    const rows = node.end - node.start;
    this.#scan.enter(node);
    this.#draw.restart(node.key);
    let varying = 0;
    for (let tried = 0; tried < columnsPerSplit || varying === 0; tried++) {
      const column = this.#draw.next();
      if (column < 0) return;
      // There is room for two drawn orders: that of the best column so far, and the one at hand.
      const first = this.#block.draw(column, node, this.#bestOrder);
      if (this.#scan.offerCuts(column, first, first + rows - 1)) varying++;
      if (this.#best.column === column) this.#bestOrder = first;
    }
  }

  /** Two rows can be parted in one way only, by any column in which they differ. */
  #searchPair({ key, row, otherRow }: BlockNode): void {
    const block = this.#block;
    const { columnsPerSplit } = this.#options;
    const { purity } = this.#mean;
    const best = this.#best;
    best.restart(key);
    const score =
      purity(block.contentOf(row), block.weightOf(row)) + purity(block.contentOf(otherRow), block.weightOf(otherRow));
    if (score === -Infinity) return;
    this.#draw.restart(key);
    let lowest = Infinity;
    for (let tried = 0; tried < columnsPerSplit || lowest === Infinity; tried++) {
      const column = this.#draw.next();
      if (column < 0) return;
      const code = block.codeOf(column, row);
      const other = block.codeOf(column, otherRow);
      if (code === other) continue;
      const lot = lotOf(key, column);
      if (lot >= lowest) continue;
      lowest = lot;
      best.enter(column);
      best.take({ score, bin: Math.min(code, other), missingLeft: false, leftRows: 1 });
    }
  }

  #splitPair({ row, otherRow }: BlockNode): void {
    const block = this.#block;
    const { column } = this.#best;
    const { leafOf } = this.#mean;
    const inOrder = block.codeOf(column, row) < block.codeOf(column, otherRow);
    const left = inOrder ? row : otherRow;
    const right = inOrder ? otherRow : row;
    this.#tree.leaf(leafOf(block.contentOf(left), block.weightOf(left)));
    this.#tree.leaf(leafOf(block.contentOf(right), block.weightOf(right)));
  }

  /** The children by the best cut, with their orders if either will be looked at. */
  #divide({ start, end, depth, key }: BlockNode): readonly [BlockNode, BlockNode] {
    const block = this.#block;
    const { leftRows, missingLeft } = this.#best;
    const order = missingLeft ? block.missingFirst(this.#bestOrder, end - start) : this.#bestOrder;
    const middle = start + leftRows;
    const left = this.#child(order, { start, end: middle, depth: depth + 1, key: leftKey(key) }, -1);
    const right = this.#child(order + leftRows, { start: middle, end, depth: depth + 1, key: rightKey(key) }, 0);
    if (this.#all && (this.#needsOrder(left) || this.#needsOrder(right))) block.divide({ start, end, depth }, leftRows);
    return [left, right];
  }

  /** The child of the rows that are listed from `order` on: puts them together, and on their side. */
  #child(order: number, { start, end, depth, key }: Node, goesLeft: -1 | 0): BlockNode {
    const { truth, memory } = this.#block;
    const { side, entries, pairs } = memory;
    const to = memory.orders[depth & 1]!;
    const rows = end - start;
    const row = entries[order]! & 255;
    let otherRow = row;
    let sum = 0;
    let weight = 0;
    let pure = true;
    for (let i = 0; i < rows; i++) {
      otherRow = entries[order + i]! & 255;
      entries[to + start + i] = otherRow;
      side[otherRow] = goesLeft;
      weight += pairs[2 * otherRow]!;
      sum += pairs[2 * otherRow + 1]!;
      if (truth[otherRow] !== truth[row]) pure = false;
    }
    return { start, end, depth, key, sum, weight, pure, row, otherRow };
  }
}
