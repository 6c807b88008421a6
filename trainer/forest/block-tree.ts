/**
 * Growing what is below a small node, in a block of its rows: the same subtree that the search by histograms would grow. Most
 * nodes of a fully grown tree are here, and most of these have two or three rows.
 */
import { missingCode } from "../../model/encode.ts";
import type { Bag } from "./bag.ts";
import { BestCut } from "./best-cut.ts";
import { BlockScan } from "./block-scan.ts";
import { FeatureDraw, leftKey, lotOf, rightKey } from "./feature-draw.ts";
import type { Matrix } from "./matrix.ts";
import type { MeanOptions } from "./mean-criterion.ts";
import type { GrowOptions, Node } from "./search.ts";
import { blockRows, SortedBlock } from "./sorted-block.ts";
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

/** Most rows of a node whose drawn columns are sorted for it. */
const drawnRows = 64;

export class BlockTree {
  /** Most rows of a node that is grown here. */
  readonly rows: number;
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
  #deepest = Infinity;
  #leastDecrease = -Infinity;
  #tree = new TreeWriter(0);

  constructor(bag: Bag, matrix: Matrix, { mean, options }: Options) {
    this.#block = new SortedBlock(bag, matrix, mean.truth);
    this.#best = new BestCut(options.minSamplesLeaf);
    this.#scan = new BlockScan(this.#block, this.#best, mean);
    this.#draw = new FeatureDraw(matrix.varying, options.columnsPerSplit);
    this.#mean = mean;
    this.#options = options;
    this.#all = options.columnsPerSplit >= matrix.varying.length;
    this.rows = this.#all ? blockRows : drawnRows;
    this.#splittable = Math.max(options.minSamplesSplit, 2 * options.minSamplesLeaf);
  }

  /** The tree that is being grown, and the least decrease of purity for which a node of it is split. */
  begin(tree: TreeWriter, leastDecrease: number): void {
    this.#tree = tree;
    this.#leastDecrease = leastDecrease;
  }

  /** Writes the subtree of a node of the bag with at most `rows` rows. */
  grow({ start, end, depth, key }: Node): void {
    const block = this.#block;
    this.#deepest = this.#options.maxDepth - depth;
    block.fill(start, end);
    const { content, weight, truth } = block;
    const rows = end - start;
    let sum = 0;
    let whole = 0;
    let pure = true;
    for (let row = 0; row < rows; row++) {
      sum += content[row]!;
      whole += weight[row]!;
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
    const { size, columns, orders } = this.#block;
    const { start, end, depth } = node;
    this.#scan.enter(orders[depth & 1]!, node);
    for (let k = 0; k < size; k++) {
      const base = k * blockRows;
      this.#scan.offerCuts(columns[k]!, base + start, base + end - 1);
    }
  }

  #tryDrawn(node: BlockNode): void {
    const { columnsPerSplit } = this.#options;
    const last = node.end - node.start - 1;
    this.#scan.enter(this.#block.drawn, node);
    this.#draw.restart(node.key);
    let varying = 0;
    for (let tried = 0; tried < columnsPerSplit || varying === 0; tried++) {
      const column = this.#draw.next();
      if (column < 0) return;
      this.#block.draw(column, node);
      if (this.#scan.offerCuts(column, 0, last)) varying++;
    }
  }

  /** Two rows can be parted in one way only, by any column in which they differ. */
  #searchPair({ key, row, otherRow }: BlockNode): void {
    const { content, weight } = this.#block;
    const { columnsPerSplit } = this.#options;
    const { purity } = this.#mean;
    const best = this.#best;
    best.restart(key);
    const score = purity(content[row]!, weight[row]!) + purity(content[otherRow]!, weight[otherRow]!);
    if (score === -Infinity) return;
    this.#draw.restart(key);
    let lowest = Infinity;
    for (let tried = 0; tried < columnsPerSplit || lowest === Infinity; tried++) {
      const column = this.#draw.next();
      if (column < 0) return;
      const code = this.#block.codeOf(column, row);
      const other = this.#block.codeOf(column, otherRow);
      if (code === other) continue;
      const lot = lotOf(key, column);
      if (lot >= lowest) continue;
      lowest = lot;
      best.enter(column);
      best.take({ score, bin: Math.min(code, other), missingLeft: false });
    }
  }

  #splitPair({ row, otherRow }: BlockNode): void {
    const { content, weight } = this.#block;
    const { column } = this.#best;
    const { leafOf } = this.#mean;
    const inOrder = this.#block.codeOf(column, row) < this.#block.codeOf(column, otherRow);
    const left = inOrder ? row : otherRow;
    const right = inOrder ? otherRow : row;
    this.#tree.leaf(leafOf(content[left]!, weight[left]!));
    this.#tree.leaf(leafOf(content[right]!, weight[right]!));
  }

  /** The children by the best cut, with their orders if either will be looked at. */
  #divide({ start, end, depth, key, sum, weight: whole }: BlockNode): readonly [BlockNode, BlockNode] {
    const block = this.#block;
    const { side, content, weight, truth } = block;
    const { bin, column } = this.#best;
    const missing = this.#best.missingLeft ? missingCode : -1;
    const order = block.orders[depth & 1]!;
    const left = new Side();
    const right = new Side();
    for (let at = start; at < end; at++) {
      const row = order[at]! & 255;
      const code = block.codeOf(column, row);
      const goesLeft = code <= bin || code === missing;
      side[row] = goesLeft ? 1 : 0;
      (goesLeft ? left : right).add(row, truth[row]!);
      if (!goesLeft) continue;
      left.sum += content[row]!;
      left.weight += weight[row]!;
    }
    right.sum = sum - left.sum;
    right.weight = whole - left.weight;
    const middle = start + left.rows;
    const leftNode = left.node({ start, end: middle, depth: depth + 1, key: leftKey(key) });
    const rightNode = right.node({ start: middle, end, depth: depth + 1, key: rightKey(key) });
    if (this.#needsOrder(leftNode) || this.#needsOrder(rightNode)) block.divide({ start, end, depth }, left.rows);
    return [leftNode, rightNode];
  }
}

/** A child while its rows are gathered. */
class Side {
  rows = 0;
  sum = 0;
  weight = 0;
  #pure = true;
  #truth = 0;
  #row = -1;
  #otherRow = -1;

  add(row: number, truth: number): void {
    if (this.rows > 0 && truth !== this.#truth) this.#pure = false;
    this.rows++;
    this.#truth = truth;
    this.#otherRow = this.#row;
    this.#row = row;
  }

  node({ start, end, depth, key }: Node): BlockNode {
    const { sum, weight } = this;
    return { start, end, depth, key, sum, weight, pure: this.#pure, row: this.#row, otherRow: this.#otherRow };
  }
}
