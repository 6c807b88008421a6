/**
 * Sums of rows that are each taken some number of times, four rows in one loop: what is read and written most is the sum, and
 * that happens once for the four. Rows that are taken 0 times, of which data can be full, cost nothing.
 *
 * The loop is in WebAssembly, two columns at a time: four times as fast as in JavaScript, which checks bounds. It adds the same
 * numbers in the same order as a loop over single columns would, so it has the same bits.
 */
import {
  add,
  constant,
  get,
  type Kernel,
  lessUnsigned,
  loadWord,
  loopWhile,
  set,
  shiftLeft,
} from "../../wasm/assemble.ts";
import { addPairs, loadPair, loadTwice, multiplyPairs, storePair } from "../../wasm/pairs.ts";
import { growTo, kernelsOn, type Memory, memoryOf } from "../../wasm/memory.ts";

/** Bytes of two doubles. */
const pairBytes = 16;

interface Kernels {
  /**
   * To `bytes` (whole pairs, at least one) at `sum` adds the rows of `values` that begin where the integers from `froms` to
   * `fromsEnd` say, as often as the doubles from `times` on say; four rows at least, and always four. All but `bytes` are addresses.
   */
  readonly addRows: (
    ...numbers: [sum: number, bytes: number, values: number, froms: number, fromsEnd: number, times: number]
  ) => void;
}

function addRowsKernel(): Kernel {
  const [sum, bytes, values, froms, fromsEnd, times] = [0, 1, 2, 3, 4, 5] as const;
  const [at, end] = [6, 7] as const;
  const [rows, factors] = [
    [8, 9, 10, 11],
    [12, 13, 14, 15],
  ] as const;
  const addends = rows.map((row, index) => multiplyPairs(get(factors[index]!), loadPair(get(row), 0)));
  const twoColumns = [
    ...storePair(get(at), 0, addPairs(loadPair(get(at), 0), addends.reduce(addPairs))),
    ...[at, ...rows].flatMap((place) => set(place, add(get(place), constant(pairBytes)))),
  ];
  const begin = (index: number): number[] =>
    add(get(values), shiftLeft(loadWord(add(get(froms), constant(4 * index))), constant(3)));
  const fourRows = [
    ...rows.flatMap((row, index) => set(row, begin(index))),
    ...factors.flatMap((factor, index) => set(factor, loadTwice(get(times), 8 * index))),
    ...set(at, get(sum)),
    ...loopWhile(twoColumns, lessUnsigned(get(at), get(end))),
    ...set(froms, add(get(froms), constant(4 * 4))),
    ...set(times, add(get(times), constant(4 * 8))),
  ];
  const body = [
    ...set(end, add(get(sum), get(bytes))),
    ...loopWhile(fourRows, lessUnsigned(get(froms), get(fromsEnd))),
  ];
  return { name: "addRows", results: 0, parameters: 6, integers: 6, vectors: 4, body };
}

/** One for all sums of this thread: a memory of each would have to wait for the collector. */
let shared: { readonly memory: Memory; readonly kernels: Kernels } | undefined;

function sharedMemory(bytes: number): { readonly buffer: ArrayBuffer; readonly kernels: Kernels } {
  if (shared === undefined) {
    const memory = memoryOf(bytes);
    shared = { memory, kernels: kernelsOn<Kernels>(memory, [addRowsKernel()]) };
  }
  growTo(shared.memory, bytes);
  return { buffer: shared.memory.buffer, kernels: shared.kernels };
}

type Arrays<Lengths extends readonly number[]> = { readonly [Place in keyof Lengths]: Float64Array };

const roundUp = (value: number): number => Math.ceil(value / pairBytes) * pairBytes;

export class RowSum<const Lengths extends readonly number[] = readonly number[]> {
  /** Of the lengths that were asked for, 0 everywhere. Only these can be summed, and only until there is another RowSum. */
  readonly arrays: Arrays<Lengths>;
  readonly #froms: Int32Array;
  readonly #times: Float64Array;
  readonly #kernels: Kernels;
  #count = 0;

  /** @param most how many rows can be in a sum */
  constructor(most: number, lengths: Lengths) {
    const timesAt = roundUp((most + 3) * 4);
    const begins = [timesAt + roundUp((most + 3) * 8)];
    for (const length of lengths) begins.push(begins.at(-1)! + roundUp(length * 8));
    const { buffer, kernels } = sharedMemory(begins.at(-1)!);
    this.#froms = new Int32Array(buffer, 0, most + 3);
    this.#times = new Float64Array(buffer, timesAt, most + 3);
    this.#kernels = kernels;
    const arrays = lengths.map((length, index) => new Float64Array(buffer, begins[index], length).fill(0));
    this.arrays = arrays as readonly Float64Array[] as Arrays<Lengths>;
  }

  /** @param from where among the values the row begins */
  take(from: number, times: number): void {
    if (times === 0) return;
    this.#froms[this.#count] = from;
    this.#times[this.#count++] = times;
  }

  /** Adds the rows that were taken to `sum`, which is as long as a row, and forgets them. Both are parts of `arrays`. */
  addTo(sum: Float64Array, values: Float64Array): void {
    const [froms, times] = [this.#froms, this.#times];
    while (this.#count % 4 !== 0) {
      froms[this.#count] = 0;
      times[this.#count++] = 0;
    }
    const count = this.#count;
    this.#count = 0;
    if (count === 0) return;
    const odd = sum.length % 2;
    const bytes = 8 * (sum.length - odd);
    if (bytes > 0) this.#kernels.addRows(sum.byteOffset, bytes, values.byteOffset, 0, 4 * count, times.byteOffset);
    if (odd === 1) this.#addLast(sum, values, count);
  }

  /** The last column of an odd number. */
  #addLast(sum: Float64Array, values: Float64Array, count: number): void {
    const [froms, times, last] = [this.#froms, this.#times, sum.length - 1];
    for (let i = 0; i < count; i += 4)
      sum[last]! +=
        times[i]! * values[froms[i]! + last]! +
        times[i + 1]! * values[froms[i + 1]! + last]! +
        times[i + 2]! * values[froms[i + 2]! + last]! +
        times[i + 3]! * values[froms[i + 3]! + last]!;
  }
}

/** Rows x columns, row by row. */
export interface Rows {
  readonly x: Float64Array;
  readonly columns: number;
}

/** The lower triangle of X'WX, in a square, for weights of the rows of X. */
export function weightedSquares({ x, columns }: Rows, weights: Float64Array): Float64Array {
  const rows = new RowSum(weights.length, [columns * columns, x.length]);
  const [squares, values] = rows.arrays;
  values.set(x);
  for (let c = 0; c < columns; c++) {
    for (let row = 0, from = 0; row < weights.length; row++, from += columns)
      rows.take(from, weights[row]! * x[from + c]!);
    rows.addTo(squares.subarray(c * columns, c * columns + c + 1), values);
  }
  return squares.slice();
}
