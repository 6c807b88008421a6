/**
 * The loops in which boosting spends most of its time, in WebAssembly: it adds the two numbers of a bin with one SIMD
 * instruction and checks no bounds, which makes it twice as fast as the same loop in JavaScript (docs/decisions/0010). All
 * numbers are integers in doubles, so both would give the same bytes.
 */
import {
  add,
  and,
  constant,
  get,
  type Kernel,
  lessUnsigned,
  loadByte,
  loadWord,
  loopWhile,
  multiply,
  set,
  shiftLeft,
  shiftRight,
  storeWord,
  subtract,
} from "../../wasm/assemble.ts";
import { addPairs, loadPair, storePair, subtractPairs } from "../../wasm/pairs.ts";
import { kernelsOn, memoryOf } from "../../wasm/memory.ts";

/** Bins of a column in a histogram: one for each code. */
export const binsPerColumn = 256;
/** Bytes of a bin, and of a row's content: two doubles. */
export const pairBytes = 16;
const columnBytes = binsPerColumn * pairBytes;

/** Where in the memory what lies, in bytes. Columns come four to a word, so the bytes of codes a row are a multiple of 4. */
export interface Layout {
  readonly codes: number;
  readonly codesPerRow: number;
  readonly content: number;
  readonly histogramBytes: number;
  /** From a row in the order of nodes to its place in the spare list. */
  readonly spareOffset: number;
}

/** Addresses are bytes of the memory. */
export interface Kernels {
  /** Adds the content of each row listed from `rows` up to `rowsEnd` (at least one) to its bins in the histogram at `to`. */
  readonly fill: (rows: number, rowsEnd: number, to: number) => void;
  /** Subtracts the histogram at `other` from the one at `from`. */
  readonly subtract: (from: number, other: number) => void;
  /**
   * Divides the rows listed from `rows` up to `rowsEnd` (at least one), each side in its old order: left ones come first, right
   * ones go to the same place in the spare list. Answers the end of the left ones. `cut` is what `cutCode` makes of it.
   */
  readonly partition: (rows: number, rowsEnd: number, cut: number) => number;
}

/**
 * The cut in one integer: place * 1024 + limit * 2 + shift. A row goes left where its code, plus `shift`, of which a byte is kept, is less
 * than `limit`. Missing values have code 255: where they go left all codes move up by one, and 255 becomes 0.
 */
export function cutCode({ place, bin, missingLeft }: { place: number; bin: number; missingLeft: boolean }): number {
  const shift = missingLeft ? 1 : 0;
  return place * 1024 + (bin + shift + 1) * 2 + shift;
}

function fillKernel({ codes, codesPerRow, content, histogramBytes }: Layout): Kernel {
  const [row, rowsEnd, to] = [0, 1, 2] as const;
  const [at, word, column, end, bin] = [3, 4, 5, 6, 7] as const;
  const pair = 8;
  /** Adds the pair to the bin of the code in byte `k` of the word. */
  const addTo = (k: number): number[] => {
    const bits = k * 8 - Math.log2(pairBytes);
    const shifted = bits < 0 ? shiftLeft(get(word), constant(-bits)) : shiftRight(get(word), constant(bits));
    const offset = k * columnBytes;
    return [
      ...set(bin, add(get(column), and(shifted, constant(255 * pairBytes)))),
      ...storePair(get(bin), offset, addPairs(loadPair(get(bin), offset), get(pair))),
    ];
  };
  const fourColumns = [
    ...set(word, loadWord(get(at))),
    ...[0, 1, 2, 3].flatMap(addTo),
    ...set(at, add(get(at), constant(4))),
    ...set(column, add(get(column), constant(4 * columnBytes))),
  ];
  const oneRow = [
    ...set(at, add(constant(codes), multiply(loadWord(get(row)), constant(codesPerRow)))),
    ...set(pair, loadPair(add(constant(content), multiply(loadWord(get(row)), constant(pairBytes))), 0)),
    ...set(column, get(to)),
    ...loopWhile(fourColumns, lessUnsigned(get(column), get(end))),
    ...set(row, add(get(row), constant(4))),
  ];
  const body = [
    ...set(end, add(get(to), constant(histogramBytes))),
    ...loopWhile(oneRow, lessUnsigned(get(row), get(rowsEnd))),
  ];
  return { name: "fill", results: 0, parameters: 3, integers: 5, vectors: 1, body };
}

function subtractKernel({ histogramBytes }: Layout): Kernel {
  const [from, other, end] = [0, 1, 2] as const;
  const step = [
    ...storePair(get(from), 0, subtractPairs(loadPair(get(from), 0), loadPair(get(other), 0))),
    ...set(from, add(get(from), constant(pairBytes))),
    ...set(other, add(get(other), constant(pairBytes))),
  ];
  const body = [
    ...set(end, add(get(from), constant(histogramBytes))),
    ...loopWhile(step, lessUnsigned(get(from), get(end))),
  ];
  return { name: "subtract", results: 0, parameters: 2, integers: 1, vectors: 0, body };
}

function partitionKernel({ codes, codesPerRow, spareOffset }: Layout): Kernel {
  const [rows, rowsEnd, cut] = [0, 1, 2] as const;
  const [left, right, row, code, goesLeft] = [3, 4, 5, 6, 7] as const;
  const place = shiftRight(get(cut), constant(10));
  const limit = and(shiftRight(get(cut), constant(1)), constant(511));
  const shift = and(get(cut), constant(1));
  // Each row is written to both sides and one of them moves on, because a branch here would be guessed wrong half of the time.
  const step = [
    ...set(row, loadWord(get(rows))),
    ...set(code, loadByte(add(add(constant(codes), place), multiply(get(row), constant(codesPerRow))))),
    ...set(code, and(add(get(code), shift), constant(255))),
    // The sign of the difference, times the four bytes of a row.
    ...set(goesLeft, and(shiftRight(subtract(get(code), limit), constant(29)), constant(4))),
    ...storeWord(get(left), get(row)),
    ...storeWord(get(right), get(row)),
    ...set(left, add(get(left), get(goesLeft))),
    ...set(right, subtract(add(get(right), constant(4)), get(goesLeft))),
    ...set(rows, add(get(rows), constant(4))),
  ];
  const body = [
    ...set(left, get(rows)),
    ...set(right, add(get(rows), constant(spareOffset))),
    ...loopWhile(step, lessUnsigned(get(rows), get(rowsEnd))),
    ...get(left),
  ];
  return { name: "partition", results: 1, parameters: 3, integers: 5, vectors: 0, body };
}

/** A memory of zeros of at least so many bytes, and kernels that work in it. Pages that nothing touches take no memory. */
export function kernelsIn(bytes: number, layout: Layout): Kernels & { readonly buffer: ArrayBuffer } {
  const memory = memoryOf(bytes);
  const kernels = kernelsOn<Kernels>(memory, [fillKernel(layout), subtractKernel(layout), partitionKernel(layout)]);
  return { ...kernels, buffer: memory.buffer };
}
