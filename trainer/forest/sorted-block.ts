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
  /** The columns that have an order, which begins at `k * blockRows` for the `k`th of them. */
  readonly columns: Int32Array;
  size = 0;
  /** Orders, by even and odd depth. */
  readonly orders: readonly [Uint16Array, Uint16Array];
  /** The order of a drawn column in a node, sorted when it is asked for. */
  readonly drawn = new Uint16Array(blockRows);
  /** By row of the block: its row of the matrix. */
  readonly #row = new Int32Array(blockRows);
  readonly #codes = new Uint8Array(blockRows);
  readonly #counts = new Uint16Array(blockRows);
  /** Where to find the code of a row and a column of the matrix: row by row if there is such a copy. */
  readonly #cells: Uint8Array;
  readonly #rowStep: number;
  readonly #columnStep: number;
  readonly #bag: Bag;
  readonly #matrix: Matrix;
  readonly #truth: Float64Array;

  constructor(bag: Bag, matrix: Matrix, truth: Float64Array) {
    const cells = Math.max(1, matrix.varying.length) * blockRows;
    this.#bag = bag;
    this.#matrix = matrix;
    this.#truth = truth;
    this.#cells = matrix.byRow ?? matrix.codes;
    this.#rowStep = matrix.byRow === undefined ? 1 : matrix.columns.length;
    this.#columnStep = matrix.byRow === undefined ? matrix.rows : 1;
    this.columns = new Int32Array(matrix.varying.length);
    this.orders = [new Uint16Array(cells), new Uint16Array(cells)];
  }

  /** Takes the rows of the bag from `start` to `end`, in one order as they come. */
  fill(start: number, end: number): void {
    const { row, population, content, unit } = this.#bag;
    const [order] = this.orders;
    for (let i = start; i < end; i++) {
      const at = i - start;
      const r = row[i]!;
      this.#row[at] = r;
      this.weight[at] = population[i]! - unit;
      this.content[at] = content[i]!;
      this.truth[at] = this.#truth[r]!;
      order[at] = at;
    }
    this.size = 1;
  }

  /** Sorts the first `rows` rows in each column that varies in them. */
  sort(rows: number): void {
    this.size = 0;
    const codes = this.#codes;
    for (const column of this.#matrix.varying) {
      if (!this.#readCodes(column, rows)) continue;
      const base = this.size * blockRows;
      const order = this.orders[0];
      if (rows <= fewRows) for (let r = 0; r < rows; r++) insert(order, (codes[r]! << 8) | r, { base, size: r });
      else this.#sortByCounting(base, rows);
      this.columns[this.size++] = column;
    }
  }

  /** Answers whether the column varies. */
  #readCodes(column: number, rows: number): boolean {
    const { codes, rows: all } = this.#matrix;
    const mine = this.#codes;
    const row = this.#row;
    const base = column * all;
    const first = codes[base + row[0]!]!;
    let differs = 0;
    for (let r = 0; r < rows; r++) {
      const code = codes[base + row[r]!]!;
      mine[r] = code;
      differs |= code ^ first;
    }
    return differs !== 0;
  }

  #sortByCounting(base: number, rows: number): void {
    const [order] = this.orders;
    const codes = this.#codes;
    const counts = this.#counts;
    counts.fill(0);
    for (let r = 0; r < rows; r++) counts[codes[r]!] = counts[codes[r]!]! + 1;
    let next = base;
    for (let code = 0; code < counts.length; code++) {
      const count = counts[code]!;
      counts[code] = next - base;
      next += count;
    }
    for (let r = 0; r < rows; r++) {
      const code = codes[r]!;
      const at = counts[code]!;
      counts[code] = at + 1;
      order[base + at] = (code << 8) | r;
    }
  }

  /** Sorts the rows of a node in one column, into `drawn`: by insertion, so it is for a few rows. */
  draw(column: number, { start, end, depth }: Stretch): void {
    const codes = this.#cells;
    const base = column * this.#columnStep;
    const step = this.#rowStep;
    const list = this.orders[depth & 1]!;
    const row = this.#row;
    for (let i = start; i < end; i++) {
      const r = list[i]! & 255;
      insert(this.drawn, (codes[base + row[r]! * step]! << 8) | r, { base: 0, size: i - start });
    }
  }

  codeOf(column: number, row: number): number {
    return this.#cells[column * this.#columnStep + this.#row[row]! * this.#rowStep]!;
  }

  /** Divides the stretches of a node by `side`, from the buffer of its depth to that of its children. */
  divide({ start, end, depth }: Stretch, leftRows: number): void {
    const { side, size } = this;
    const from = this.orders[depth & 1]!;
    const to = this.orders[(depth + 1) & 1]!;
    for (let k = 0; k < size; k++) {
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

/** A node: from `start` to `end` of each order, at a depth of the block. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/** Adds an entry to a sorted stretch. */
function insert(order: Uint16Array, entry: number, { base, size }: { base: number; size: number }): void {
  let at = base + size;
  for (; at > base && order[at - 1]! > entry; at--) order[at] = order[at - 1]!;
  order[at] = entry;
}
