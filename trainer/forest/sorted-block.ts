/**
 * Up to 256 rows of a bag, sorted once in each column: what is left to do in a tree that tries all columns, once a node is so small.
 * From here down a node is a stretch of every column's order, and a split divides each stretch, keeping its order. An
 * entry of an order is 16 bits, the row's code and the row's number in the block:
 *
 *     column 0   [ node ........................ ]        split        [ left ...... | right ......... ]
 *     column 1   [ node ........................ ]      -------->      [ left ...... | right ......... ]
 *
 * Orders lie in two buffers and a split writes from one to the other, so the nodes of odd depth are in one and those of even depth
 * in the other, and a node's stretch is overwritten only when its own children are done.
 */
import type { Bag } from "./bag.ts";
import type { Matrix } from "./matrix.ts";

export const blockRows = 256;
/** Up to so many rows, inserting one by one is cheaper than counting codes. */
const fewRows = 32;

export class SortedBlock {
  /** By row of the block. */
  readonly weight = new Float64Array(blockRows);
  readonly content = new Float64Array(blockRows);
  readonly truth = new Float64Array(blockRows);
  /** 1: the row goes left in the split at hand. */
  readonly side = new Uint8Array(blockRows);
  /** The columns that vary in the block; the order of the `k`th begins at `k * blockRows`. */
  readonly columns: Int32Array;
  /** By column of the matrix: its `k`, if it varies. */
  readonly place: Int32Array;
  varying = 0;
  /** Code of row `r` in the `k`th column, at `k * blockRows + r`. */
  readonly codes: Uint8Array;
  /** By depth, even and odd. */
  readonly orders: readonly [Uint16Array, Uint16Array];
  readonly #counts = new Uint16Array(blockRows);
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  readonly #truth: Float64Array;

  constructor(bag: Bag, matrix: Matrix, truth: Float64Array) {
    const cells = matrix.varying.length * blockRows;
    this.#bag = bag;
    this.#matrix = matrix;
    this.#truth = truth;
    this.columns = new Int32Array(matrix.varying.length);
    this.place = new Int32Array(matrix.columns.length);
    this.codes = new Uint8Array(cells);
    this.orders = [new Uint16Array(cells), new Uint16Array(cells)];
  }

  /** Takes the rows of the bag from `start` to `end`; their orders are in the first buffer. */
  fill(start: number, end: number): void {
    const { row, population, content, unit } = this.#bag;
    for (let i = start; i < end; i++) {
      const at = i - start;
      this.weight[at] = population[i]! - unit;
      this.content[at] = content[i]!;
      this.truth[at] = this.#truth[row[i]!]!;
    }
    this.varying = 0;
    for (const column of this.#matrix.varying) this.#addColumn(column, start, end);
  }

  #addColumn(column: number, start: number, end: number): void {
    const { row } = this.#bag;
    const { codes, rows } = this.#matrix;
    const base = this.varying * blockRows;
    const mine = this.codes;
    const from = column * rows;
    const first = codes[from + row[start]!]!;
    let differs = 0;
    for (let i = start; i < end; i++) {
      const code = codes[from + row[i]!]!;
      mine[base + i - start] = code;
      differs |= code ^ first;
    }
    if (differs === 0) return;
    this.place[column] = this.varying;
    this.columns[this.varying++] = column;
    if (end - start <= fewRows) this.#insert(base, end - start);
    else this.#count(base, end - start);
  }

  /** Sorts by insertion. */
  #insert(base: number, rows: number): void {
    const { codes } = this;
    const order = this.orders[0];
    for (let r = 0; r < rows; r++) {
      const entry = (codes[base + r]! << 8) | r;
      let at = base + r;
      for (; at > base && order[at - 1]! > entry; at--) order[at] = order[at - 1]!;
      order[at] = entry;
    }
  }

  /** Sorts by counting codes. */
  #count(base: number, rows: number): void {
    const { codes } = this;
    const order = this.orders[0];
    const counts = this.#counts;
    counts.fill(0);
    const end = base + rows;
    for (let i = base; i < end; i++) counts[codes[i]!] = counts[codes[i]!]! + 1;
    let next = base;
    for (let code = 0; code < counts.length; code++) {
      const count = counts[code]!;
      counts[code] = next - base;
      next += count;
    }
    for (let r = 0; r < rows; r++) {
      const code = codes[base + r]!;
      const at = counts[code]!;
      counts[code] = at + 1;
      order[base + at] = (code << 8) | r;
    }
  }

  /** Divides the stretches of a node by `side`, from the buffer of its depth to that of its children. */
  divide({ start, end, depth }: { start: number; end: number; depth: number }, leftRows: number): void {
    const { side, varying } = this;
    const from = this.orders[depth & 1]!;
    const to = this.orders[(depth + 1) & 1]!;
    for (let k = 0; k < varying; k++) {
      const base = k * blockRows;
      const last = base + end;
      let left = base + start;
      let right = left + leftRows;
      for (let i = base + start; i < last; i++) {
        const entry = from[i]!;
        const goesLeft = side[entry & 255]!;
        // No branch: which way a row goes cannot be foretold.
        to[right + (left - right) * goesLeft] = entry;
        left += goesLeft;
        right += 1 - goesLeft;
      }
    }
  }
}
