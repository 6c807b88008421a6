/**
 * One tree of an ensemble on a table that is sorted already, depth first and left before right, so that nodes are written in
 * preorder. Splits are exact, as scikit-learn's: thresholds lie in the middle between two numbers of the node, columns are
 * drawn without replacement, and one that is constant in the node counts as tried. The forest trainer's histogram grower
 * (trainer/forest/) is made for large tables; a search grows hundreds of thousands of trees on small ones, where sorting
 * places (node-column.ts) is quicker and what a tree costs beside its nodes is next to nothing.
 */
import type { Random } from "../../../traintask/random.ts";
import type { Criterion, Leaf, NodeRows } from "./criterion.ts";
import { draw, drawUnit } from "./draw.ts";
import { NodeColumn } from "./node-column.ts";
import type { SortedTable } from "./sorted-table.ts";
import { shortBetween, thresholdScales } from "./short.ts";

export interface GrowOptions {
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** How many columns a split tries; if none of them varies in the node, more until one does. */
  readonly columnsPerSplit: number;
  /** Of a column every threshold is tried, or one that is drawn. */
  readonly cuts: "best" | "random";
  /** Which columns there are to draw from; absent: all. */
  readonly columns?: Int32Array;
}

/** Where the trees' nodes go, in preorder. */
export interface TreeSink<L extends Leaf> {
  split(column: number, threshold: number): void;
  leaf(leaf: L): void;
}

export class TreeGrower<L extends Leaf> {
  readonly #table: SortedTable;
  readonly #criterion: Criterion<L>;
  readonly #options: GrowOptions;
  readonly #column: NodeColumn;
  readonly #columns: Int32Array;
  /** The columns in the order in which they were drawn last. */
  readonly #drawn: Int32Array;
  /** By column: whether it is known to be constant in the node, since it is in a node above. */
  readonly #isConstant: Uint8Array;
  readonly #constants: number[] = [];
  readonly #scales: Float64Array;
  readonly #spare: Int32Array;
  readonly #cut = { column: 0, place: 0, threshold: 0.5, score: 0.5 };
  /** Of the tree grown last, by column: what its splits were worth. */
  readonly decreases: Float64Array;

  constructor(table: SortedTable, criterion: Criterion<L>, options: GrowOptions) {
    this.#table = table;
    this.#criterion = criterion;
    this.#options = options;
    this.#column = new NodeColumn(table);
    this.#columns = options.columns ?? Int32Array.from({ length: table.columns }, (_, c) => c);
    this.#drawn = this.#columns.slice();
    this.#isConstant = new Uint8Array(table.columns);
    this.#scales = thresholdScales(table);
    this.#spare = new Int32Array(table.rows);
    this.decreases = new Float64Array(table.columns);
  }

  /**
   * @param rows at least one, none twice; they are reordered
   * @param random absent: columns are tried in their order, which takes all of them and the best cuts
   */
  grow(rows: Int32Array, sink: TreeSink<L>, random?: Random): void {
    const { maxDepth, minSamplesSplit, minSamplesLeaf } = this.#options;
    const criterion = this.#criterion;
    const least = Math.max(minSamplesSplit, 2 * minSamplesLeaf);
    this.#drawn.set(this.#columns);
    this.decreases.fill(0);
    const node: NodeRows = { rows, start: 0, end: 0 };
    const open = [0, rows.length, 0, 0];
    while (open.length > 0) {
      this.#forget(open.pop()!);
      const depth = open.pop()!;
      const end = (node.end = open.pop()!);
      const start = (node.start = open.pop()!);
      const isPure = criterion.enter(node);
      if (isPure || depth >= maxDepth || end - start < least || !this.#search(node, random)) {
        sink.leaf(criterion.leaf(node));
        continue;
      }
      const { column, threshold, score } = this.#cut;
      sink.split(column, threshold);
      this.decreases[column]! += Math.max(0, score - criterion.own);
      const middle = this.#partition(node);
      const known = this.#constants.length;
      open.push(middle, end, depth + 1, known, start, middle, depth + 1, known);
    }
    this.#forget(0);
  }

  /** Keeps the constants that were known when a node was put aside. */
  #forget(known: number): void {
    while (this.#constants.length > known) this.#isConstant[this.#constants.pop()!] = 0;
  }

  /** @returns whether there is a cut; it stands in #cut */
  #search(node: NodeRows, random: Random | undefined): boolean {
    const { columnsPerSplit, cuts } = this.#options;
    const columns = this.#drawn.length;
    const isConstant = this.#isConstant;
    const cut = this.#cut;
    cut.score = -Infinity;
    let varying = 0;
    for (let tried = 0; tried < columns && (tried < columnsPerSplit || varying === 0); tried++) {
      const column = random === undefined ? this.#drawn[tried]! : this.#draw(tried, random);
      if (isConstant[column] === 1) continue;
      if (!this.#column.read(column, node)) {
        isConstant[column] = 1;
        this.#constants.push(column);
        continue;
      }
      varying++;
      if (cuts === "best") this.#cutAnywhere(column);
      else this.#cutAtRandom(column, random!);
    }
    return cut.score > -Infinity;
  }

  /** One step of a Fisher-Yates shuffle. */
  #draw(at: number, random: Random): number {
    const drawn = this.#drawn;
    const from = at + draw(random, drawn.length - at);
    const column = drawn[from]!;
    drawn[from] = drawn[at]!;
    drawn[at] = column;
    return column;
  }

  #cutAnywhere(column: number): void {
    const cut = this.#cut;
    const { places, base } = this.#column;
    this.#column.sort();
    const found = this.#criterion.cutAnywhere(this.#column, cut.score);
    if (found < 0) return;
    const { value } = this.#table;
    const low = value[base + places[found - 1]!]!;
    const high = value[base + places[found]!]!;
    cut.column = column;
    cut.place = places[found]!;
    cut.threshold = shortBetween(low / 2 + high / 2, { low, high, scale: this.#scales[column]! });
    cut.score = this.#criterion.score;
  }

  #cutAtRandom(column: number, random: Random): void {
    const cut = this.#cut;
    const { low, high } = this.#column;
    const drawn = low + drawUnit(random) * (high - low);
    const threshold = shortBetween(drawn, { low, high, scale: this.#scales[column]! });
    const place = this.#column.placeAbove(threshold);
    const score = this.#criterion.cutAt(this.#column, place);
    if (!(score > cut.score)) return;
    cut.column = column;
    cut.place = place;
    cut.threshold = threshold;
    cut.score = score;
  }

  /** Left rows first, both sides in the order that they had. @returns where the right ones begin */
  #partition({ rows, start, end }: NodeRows): number {
    const { column, place: firstRight } = this.#cut;
    const { place } = this.#table;
    const base = column * this.#table.rows;
    const spare = this.#spare;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      if (place[base + row]! < firstRight) rows[left++] = row;
      else spare[right++] = row;
    }
    for (let i = 0; i < right; i++) rows[left + i] = spare[i]!;
    return left;
  }
}
