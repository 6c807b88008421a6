/**
 * The two loops in which boosting spends most of its time, in WebAssembly: it adds the two numbers of a bin with one SIMD
 * instruction and checks no bounds, which makes it twice as fast as the same loop in JavaScript (docs/decisions/0010). All
 * numbers are integers in doubles, so both would give the same bytes.
 */
import {
  add,
  addPairs,
  and,
  assemble,
  constant,
  get,
  type Kernel,
  lessUnsigned,
  loadPair,
  loadWord,
  loopWhile,
  multiply,
  set,
  shiftLeft,
  shiftRight,
  storePair,
  subtractPairs,
} from "./assemble.ts";

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
}

/** Addresses are bytes of the memory. */
export interface Kernels {
  /** Adds the content of each row listed from `rows` up to `rowsEnd` (at least one) to its bins in the histogram at `to`. */
  readonly fill: (rows: number, rowsEnd: number, to: number) => void;
  /** Subtracts the histogram at `other` from the one at `from`. */
  readonly subtract: (from: number, other: number) => void;
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
  return { name: "fill", parameters: 3, integers: 5, vectors: 1, body };
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
  return { name: "subtract", parameters: 2, integers: 1, vectors: 0, body };
}

/** What is used of WebAssembly: the types of Node.js leave it out. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};
const pageBytes = 65_536;

/** A memory of zeros of at least so many bytes, and kernels that work in it. Pages that nothing touches take no memory. */
export function kernelsIn(bytes: number, layout: Layout): Kernels & { readonly buffer: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const module = new WebAssembly.Module(assemble([fillKernel(layout), subtractKernel(layout)]));
  const { fill, subtract } = new WebAssembly.Instance(module, { kernels: { memory } }).exports as Kernels;
  return { buffer: memory.buffer, fill, subtract };
}
