/**
 * Growing what is below a small node, in a sorted block: the same subtree that the search by histograms would grow. Most nodes of
 * a fully grown tree are here, and most of these have two or three rows.
 */
import { missingCode } from "../../model/encode.ts";
import type { Bag } from "./bag.ts";
import { BestCut } from "./best-cut.ts";
import { leftKey, lotOf, rightKey } from "./feature-draw.ts";
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

/** Entries of an order from here on are of rows without a value. */
const missingEntry = 0xff00;

export class BlockTree {
  readonly #block: SortedBlock;
  readonly #best: BestCut;
  readonly #mean: MeanOptions;
  readonly #options: GrowOptions;
  /** Fewest rows of a node that may be split. */
  readonly #splittable: number;
  #deepest = Infinity;
  #leastDecrease = -Infinity;
  #tree = new TreeWriter(0);

  constructor(
    bag: Bag,
    matrix: Matrix,
    { mean, options }: { readonly mean: MeanOptions; readonly options: GrowOptions },
  ) {
    this.#block = new SortedBlock(bag, matrix, mean.truth);
    this.#best = new BestCut(options.minSamplesLeaf);
    this.#mean = mean;
    this.#options = options;
    this.#splittable = Math.max(options.minSamplesSplit, 2 * options.minSamplesLeaf);
  }

  /** The tree that is being grown, and the least decrease of purity for which a node of it is split. */
  begin(tree: TreeWriter, leastDecrease: number): void {
    this.#tree = tree;
    this.#leastDecrease = leastDecrease;
  }

  /** Writes the subtree of a node of the bag with at most `blockRows` rows. */
  grow({ start, end, depth, key }: Node): void {
    const { content, weight, side } = this.#block;
    this.#deepest = this.#options.maxDepth - depth;
    this.#block.fill(start, end);
    // As if all rows went left of a node above.
    const rows = end - start;
    side.fill(1, 0, rows);
    let sum = 0;
    let whole = 0;
    for (let row = 0; row < rows; row++) {
      sum += content[row]!;
      whole += weight[row]!;
    }
    const pure = this.#isPure(rows);
    this.#growNode({ start: 0, end: rows, depth: 0, key, sum, weight: whole, pure, row: 0, otherRow: 1 });
  }

  #isPure(rows: number): boolean {
    const { truth } = this.#block;
    for (let row = 1; row < rows; row++) if (truth[row] !== truth[0]) return false;
    return true;
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

  #search(node: BlockNode): void {
    const { varying } = this.#block;
    this.#best.restart(node.key);
    for (let k = 0; k < varying; k++) this.#tryColumn(k, node);
  }

  /** Two rows can be parted in one way only, by any column in which they differ. */
  #searchPair({ key, row, otherRow }: BlockNode): void {
    const { codes, columns, varying, content, weight } = this.#block;
    const { purity } = this.#mean;
    const best = this.#best;
    best.restart(key);
    const score = purity(content[row]!, weight[row]!) + purity(content[otherRow]!, weight[otherRow]!);
    let lowest = Infinity;
    for (let k = 0; k < varying; k++) {
      const code = codes[k * blockRows + row]!;
      const other = codes[k * blockRows + otherRow]!;
      if (code === other) continue;
      const lot = lotOf(key, columns[k]!);
      if (lot >= lowest) continue;
      lowest = lot;
      best.enter(columns[k]!);
      best.take({ score, bin: Math.min(code, other), missingLeft: false });
    }
    if (score === -Infinity) best.restart(key);
  }

  #splitPair({ row, otherRow }: BlockNode): void {
    const { codes, content, weight, place } = this.#block;
    const base = place[this.#best.column]! * blockRows;
    const { leafOf } = this.#mean;
    const [left, right] = codes[base + row]! < codes[base + otherRow]! ? [row, otherRow] : [otherRow, row];
    this.#tree.leaf(leafOf(content[left]!, weight[left]!));
    this.#tree.leaf(leafOf(content[right]!, weight[right]!));
  }

  /** Offers the cuts of the `k`th column. */
  #tryColumn(k: number, { start, end, depth, sum: total, weight: whole }: BlockNode): void {
    const order = this.#block.orders[depth & 1]!;
    const { content, weight, columns } = this.#block;
    const first = k * blockRows + start;
    const last = k * blockRows + end - 1;
    let entry = order[first]!;
    if ((entry ^ order[last]!) < blockRows) return;
    const best = this.#best;
    best.enter(columns[k]!);
    if (order[last]! >= missingEntry) return this.#tryWithMissing(first, last, { total, whole, order });
    const { purity } = this.#mean;
    let sum = 0;
    let left = 0;
    for (let at = first; at < last; at++) {
      sum += content[entry & 255]!;
      left += weight[entry & 255]!;
      const next = order[at + 1]!;
      if ((entry ^ next) >= blockRows) {
        const score = purity(sum, left) + purity(total - sum, whole - left);
        if (score >= best.score) {
          const leftRows = at + 1 - first;
          const rightRows = last - at;
          best.offer({ score, bin: entry >> 8, missingLeft: leftRows > rightRows, leftRows, rightRows });
        }
      }
      entry = next;
    }
  }

  /** The same with missing values, which go to either side. */
  #tryWithMissing(first: number, last: number, node: { total: number; whole: number; order: Uint16Array }): void {
    const { total, whole, order } = node;
    const { content, weight } = this.#block;
    const { purity } = this.#mean;
    const best = this.#best;
    let missingSum = 0;
    let missing = 0;
    let known = last;
    for (; order[known]! >= missingEntry; known--) {
      missingSum += content[order[known]! & 255]!;
      missing += weight[order[known]! & 255]!;
    }
    const missingRows = last - known;
    let sum = 0;
    let left = 0;
    for (let at = first; at <= known; at++) {
      const entry = order[at]!;
      sum += content[entry & 255]!;
      left += weight[entry & 255]!;
      if ((entry ^ order[at + 1]!) < blockRows) continue;
      const bin = entry >> 8;
      const leftRows = at + 1 - first;
      const rightRows = last - at;
      const score = purity(sum, left) + purity(total - sum, whole - left);
      best.offer({ score, bin, missingLeft: false, leftRows, rightRows });
      if (at === known) return;
      const other = purity(sum + missingSum, left + missing) + purity(total - sum - missingSum, whole - left - missing);
      best.offer({
        score: other,
        bin,
        missingLeft: true,
        leftRows: leftRows + missingRows,
        rightRows: rightRows - missingRows,
      });
    }
  }

  /** The children by the best cut, with their orders if either will be looked at. */
  #divide({ start, end, depth, key, sum, weight: whole }: BlockNode): readonly [BlockNode, BlockNode] {
    const { side, content, weight, truth, orders, place } = this.#block;
    const { bin, column } = this.#best;
    const missing = this.#best.missingLeft ? missingCode : -1;
    const order = orders[depth & 1]!;
    const base = place[column]! * blockRows;
    const last = base + end;
    const left = { rows: 0, sum: 0, weight: 0, pure: true, row: -1, otherRow: -1 };
    const right = { pure: true, row: -1, otherRow: -1 };
    for (let at = base + start; at < last; at++) {
      const row = order[at]! & 255;
      const code = order[at]! >> 8;
      if (code <= bin || code === missing) {
        side[row] = 1;
        left.rows++;
        left.sum += content[row]!;
        left.weight += weight[row]!;
        left.pure &&= left.row < 0 || truth[row] === truth[left.row];
        left.otherRow = left.row;
        left.row = row;
      } else {
        side[row] = 0;
        right.pure &&= right.row < 0 || truth[row] === truth[right.row];
        right.otherRow = right.row;
        right.row = row;
      }
    }
    const middle = start + left.rows;
    const children = [
      { ...left, start, end: middle, depth: depth + 1, key: leftKey(key) },
      {
        ...right,
        sum: sum - left.sum,
        weight: whole - left.weight,
        start: middle,
        end,
        depth: depth + 1,
        key: rightKey(key),
      },
    ] as const;
    if (this.#needsOrder(children[0]) || this.#needsOrder(children[1]))
      this.#block.divide({ start, end, depth }, left.rows);
    return children;
  }

  #needsOrder(node: BlockNode): boolean {
    return node.end - node.start > 2 && this.#mayBeSplit(node);
  }
}
