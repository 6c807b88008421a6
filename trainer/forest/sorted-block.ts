/**
 * Up to 256 rows of a bag, for what is left to do in a tree once a node is so small. An entry of an *order* is 16 bits: the row's code
 * in a column, and the row's number in the block. Where a tree tries all columns, the rows are sorted once in each of them; from
 * there down a node is a stretch of every order, and a split divides each stretch and keeps it sorted:
 *
 *     column 0   [ node ........................ ]        split        [ left ...... | right ......... ]
 *     column 1   [ node ........................ ]      -------->      [ left ...... | right ......... ]
 *
 * Where it draws its columns, that would sort more than is ever read: there is a single order then, not sorted, to keep the
 * rows of a node together, and a drawn column is sorted for the node.
 *
 * Orders lie in two buffers and a split writes from one to the other, so the nodes of odd depth are in one and those of even depth
 * in the other, and a node's stretch is overwritten only when its own children are done.
 */
import type { Bag } from "./bag.ts";
import { type BlockMemory, blockMemory, blockRows } from "./block-kernels.ts";
import type { Matrix } from "./matrix.ts";

/** Entries of an order from here on are of rows without a value. */
export const missingEntry = 0xff00;
/** Up to so many rows, comparing all with all is cheaper than counting codes. */
const fewRows = 40;

export class SortedBlock {
  readonly memory: BlockMemory;
  /** By row of the block. */
  readonly truth = new Float64Array(blockRows);
  /** The columns that have an order: in `memory.entries` at `orders + k * blockRows` for the `k`th of them. */
  readonly columns: Int32Array;
  size = 0;
  /** By row of the block: its row of the matrix. */
  readonly #row = new Int32Array(blockRows);
  /** Where to find the code of a row and a column of the matrix: row by row if there is such a copy. */
  readonly #cells: Uint8Array;
  readonly #rowStep: number;
  readonly #columnStep: number;
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  readonly #truth: Float64Array;

  constructor(bag: Bag, matrix: Matrix, truth: Float64Array) {
    this.memory = blockMemory(Math.max(1, matrix.varying.length));
    this.#bag = bag;
    this.#matrix = matrix;
    this.#truth = truth;
    this.#cells = matrix.byRow ?? matrix.codes;
    this.#rowStep = matrix.byRow === undefined ? 1 : matrix.columns.length;
    this.#columnStep = matrix.byRow === undefined ? matrix.rows : 1;
    this.columns = new Int32Array(matrix.varying.length);
  }

  /** Takes the rows of the bag from `start` to `end`, in one order as they come. */
  fill(start: number, end: number): void {
    const { row, population, content, unit } = this.#bag;
    const { pairs, entries, orders } = this.memory;
    for (let i = start; i < end; i++) {
      const at = i - start;
      const r = row[i]!;
      this.#row[at] = r;
      pairs[2 * at] = population[i]! - unit;
      pairs[2 * at + 1] = content[i]!;
      this.truth[at] = this.#truth[r]!;
      entries[orders[0] + at] = at;
    }
    this.size = 1;
  }

  weightOf(row: number): number {
    return this.memory.pairs[2 * row]!;
  }

  contentOf(row: number): number {
    return this.memory.pairs[2 * row + 1]!;
  }

  /** Sorts the first `rows` rows in each column that varies in them. */
  sort(rows: number): void {
    this.size = 0;
    for (const column of this.#matrix.varying) {
      if (!this.#readCodes(column, rows)) continue;
      this.#sortTo(this.memory.orders[0] + this.size * blockRows, rows);
      this.columns[this.size++] = column;
    }
  }

  /** Answers whether the column varies. */
  #readCodes(column: number, rows: number): boolean {
    const { codes, rows: all } = this.#matrix;
    const { unsorted } = this.memory;
    const row = this.#row;
    const base = column * all;
    const first = codes[base + row[0]!]!;
    let differs = 0;
    for (let r = 0; r < rows; r++) {
      const code = codes[base + row[r]!]!;
      unsorted[r] = (code << 8) | r;
      differs |= code ^ first;
    }
    return differs !== 0;
  }

  /** Sorts the rows of a node in one column. Answers where that order begins: there is room for two, of which one is kept. */
  draw(column: number, { start, end, depth }: Stretch, kept: number): number {
    const codes = this.#cells;
    const base = column * this.#columnStep;
    const step = this.#rowStep;
    const row = this.#row;
    const { entries, unsorted, orders } = this.memory;
    const from = orders[depth & 1]! + start;
    const rows = end - start;
    for (let i = 0; i < rows; i++) {
      const r = entries[from + i]! & 255;
      unsorted[i] = (codes[base + row[r]! * step]! << 8) | r;
    }
    const order = this.#otherThan(kept);
    this.#sortTo(order, rows);
    return order;
  }

  /** An order with the rows without a value before the others: itself, or a copy. */
  missingFirst(order: number, rows: number): number {
    const { entries } = this.memory;
    let known = rows;
    while (known > 0 && entries[order + known - 1]! >= missingEntry) known--;
    if (known === rows) return order;
    const to = this.#otherThan(order);
    entries.copyWithin(to, order + known, order + rows);
    entries.copyWithin(to + rows - known, order, order + known);
    return to;
  }

  #otherThan(order: number): number {
    const [one, other] = this.memory.drawn;
    return order === one ? other : one;
  }

  #sortTo(order: number, rows: number): void {
    const { kernels } = this.memory;
    if (rows <= fewRows) kernels.sortFew(2 * rows, 2 * order);
    else kernels.sortMany(2 * rows, 2 * order);
  }

  codeOf(column: number, row: number): number {
    return this.#cells[column * this.#columnStep + this.#row[row]! * this.#rowStep]!;
  }

  /** Divides the stretches of a node by `side`, from the buffer of its depth to that of its children. */
  divide({ start, end, depth }: Stretch, leftRows: number): void {
    const { orders, kernels } = this.memory;
    const from = 2 * (orders[depth & 1]! + start);
    const to = 2 * (orders[(depth + 1) & 1]! + start);
    kernels.divide(from, to, 2 * (end - start), 2 * leftRows, this.size);
  }
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}
