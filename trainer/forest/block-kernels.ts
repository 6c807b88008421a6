/**
 * The loops over the rows of small nodes, in WebAssembly: they check no bounds, work on several numbers at once, and are fast
 * from their first run on, while a forest of a thousand rows is grown before JavaScript has been compiled. All sums are of
 * integers in doubles, and a score is the same operations on them, so the bits are those of the loops in JavaScript.
 */
import {
  add,
  and,
  constant,
  get,
  type Kernel,
  lessUnsigned,
  loadHalf,
  loadSigned,
  loopWhile,
  notLessUnsigned,
  set,
  shiftLeft,
  shiftRight,
  storeHalf,
  subtract,
  when,
  xor,
} from "../../wasm/assemble.ts";
import { word, loadEightTimes, noShorts, notLessShorts, spread, subtractShorts } from "../../wasm/bytes.ts";
import {
  addPairs,
  choose,
  dividePairs,
  firsts,
  highestPairs,
  loadPair,
  lowestPair,
  morePairs,
  multiplyPairs,
  seconds,
  storePair,
  subtractPairs,
  swapped,
} from "../../wasm/pairs.ts";
import { kernelsOn, memoryOf } from "../../wasm/memory.ts";

/** Rows of a block. */
export const blockRows = 256;
/** Bytes of a row's entry in an order, of a whole order, and of a row's weight and content. */
const entryBytes = 2;
const orderBytes = blockRows * entryBytes;
const pairBytes = 16;

/** Where in the memory what lies, in bytes. Each is a multiple of 16. */
const totalAt = blockRows * pairBytes;
const scoreAt = totalAt + pairBytes;
const sideAt = scoreAt + pairBytes;
const entriesAt = sideAt + blockRows;
const countsAt = entriesAt + orderBytes;
const drawnAt = countsAt + orderBytes;
const ordersAt = drawnAt + 2 * orderBytes;

/** Addresses are bytes of the memory. */
export interface BlockKernels {
  /** Sorts so many bytes of `unsorted` (at least one entry, no two equal) into the order at `to`, in quadratic time. */
  readonly sortFew: (bytes: number, to: number) => void;
  /** The same in linear time, by counting codes; entries of one code stay in their order. */
  readonly sortMany: (bytes: number, to: number) => void;
  /**
   * The best cut of an order that begins at `first`, by the squared sum of content over weight of each side: the address of the
   * last entry of its left rows, 0 if there is none, and in `score` its score. Left of a cut is at least the entry at `from`,
   * right of it the one at `to`.
   */
  readonly scan: (...addresses: [first: number, from: number, to: number]) => number;
  /** Divides, by the rows' `side`, the stretch of each order that lies `bytes` from `from` on; `leftBytes` of it go left. */
  readonly divide: (...numbers: [from: number, to: number, bytes: number, leftBytes: number, orders: number]) => void;
}

function sortFewKernel(): Kernel {
  const [bytes, to] = [0, 1] as const;
  const [at, other] = [2, 3] as const;
  const [mine, ranks] = [4, 5] as const;
  // The rank of an entry is how many there are that it is not less than: itself and those before it.
  const eightRanks = [
    ...set(mine, loadPair(get(at), entriesAt)),
    ...set(ranks, noShorts),
    ...set(other, constant(0)),
    ...loopWhile(
      [
        ...set(ranks, subtractShorts(get(ranks), notLessShorts(get(mine), loadEightTimes(get(other), entriesAt)))),
        ...set(other, add(get(other), constant(entryBytes))),
      ],
      lessUnsigned(get(other), get(bytes)),
    ),
    ...storePair(get(at), countsAt, get(ranks)),
    ...set(at, add(get(at), constant(16))),
  ];
  const place = [
    ...storeHalf(add(get(to), shiftLeft(loadHalf(get(at), countsAt), constant(1))), 0, loadHalf(get(at), entriesAt)),
    ...set(at, add(get(at), constant(entryBytes))),
  ];
  const body = [
    ...loopWhile(eightRanks, lessUnsigned(get(at), get(bytes))),
    ...set(to, subtract(get(to), constant(entryBytes))),
    ...set(at, constant(0)),
    ...loopWhile(place, lessUnsigned(get(at), get(bytes))),
  ];
  return { name: "sortFew", results: 0, parameters: 2, integers: 2, vectors: 2, body };
}

function sortManyKernel(): Kernel {
  const [bytes, to] = [0, 1] as const;
  const [at, code, count, before] = [2, 3, 4, 5] as const;
  /** Does something with the count of each code, which is its number of bytes and later where they go. */
  const forEach = (end: readonly number[], step: number, code: readonly number[]): number[] => [
    ...set(at, constant(0)),
    ...loopWhile([...code, ...set(at, add(get(at), constant(step)))], lessUnsigned(get(at), end)),
  ];
  const readCount = [
    ...set(code, shiftLeft(shiftRight(loadHalf(get(at), entriesAt), constant(8)), constant(1))),
    ...set(count, loadHalf(get(code), countsAt)),
    ...storeHalf(get(code), countsAt, add(get(count), constant(entryBytes))),
  ];
  const body = [
    ...forEach(constant(orderBytes), 16, storePair(get(at), countsAt, noShorts)),
    ...forEach(get(bytes), entryBytes, readCount),
    ...forEach(constant(orderBytes), entryBytes, [
      ...set(count, loadHalf(get(at), countsAt)),
      ...storeHalf(get(at), countsAt, get(before)),
      ...set(before, add(get(before), get(count))),
    ]),
    ...forEach(get(bytes), entryBytes, [
      ...readCount,
      ...storeHalf(add(get(to), get(count)), 0, loadHalf(get(at), entriesAt)),
    ]),
  ];
  return { name: "sortMany", results: 0, parameters: 2, integers: 4, vectors: 0, body };
}

function scanKernel(): Kernel {
  const [at, from, to] = [0, 1, 2] as const;
  const [entry, next] = [3, 4] as const;
  const [total, left, right, quotients] = [5, 6, 7, 8] as const;
  const [score, highest, where] = [9, 10, 11] as const;
  const better = morePairs(get(score), get(highest));
  // Without a branch for a better cut, which cannot be foretold either. A pair is a weight and a content, so seconds are sums
  // of contents.
  const judge = [
    ...set(right, subtractPairs(get(total), get(left))),
    ...set(quotients, seconds(get(left), get(right))),
    ...set(quotients, dividePairs(multiplyPairs(get(quotients), get(quotients)), firsts(get(left), get(right)))),
    ...set(score, addPairs(get(quotients), swapped(get(quotients)))),
    ...set(where, choose(better, spread(get(at)), get(where))),
    ...set(highest, highestPairs(get(highest), get(score))),
  ];
  const step = [
    ...set(left, addPairs(get(left), loadPair(shiftLeft(and(get(entry), constant(255)), constant(4)), 0))),
    ...set(next, loadHalf(get(at), entryBytes)),
    ...when(
      and(notLessUnsigned(xor(get(entry), get(next)), constant(blockRows)), notLessUnsigned(get(at), get(from))),
      judge,
    ),
    ...set(entry, get(next)),
    ...set(at, add(get(at), constant(entryBytes))),
  ];
  const body = [
    ...set(total, loadPair(constant(totalAt), 0)),
    ...set(highest, lowestPair),
    ...set(entry, loadHalf(get(at), 0)),
    ...loopWhile(step, lessUnsigned(get(at), get(to))),
    ...storePair(constant(scoreAt), 0, get(highest)),
    ...word(get(where), 0),
  ];
  return { name: "scan", results: 1, parameters: 3, integers: 2, vectors: 7, body };
}

function divideKernel(): Kernel {
  const [from, to, bytes, leftBytes, orders] = [0, 1, 2, 3, 4] as const;
  const [at, end, left, right, entry, side] = [5, 6, 7, 8, 9, 10] as const;
  // No branch: which way a row goes cannot be foretold.
  const step = [
    ...set(entry, loadHalf(get(at), 0)),
    ...set(side, loadSigned(and(get(entry), constant(255)), sideAt)),
    ...storeHalf(xor(get(right), and(xor(get(left), get(right)), get(side))), 0, get(entry)),
    ...set(side, shiftLeft(get(side), constant(1))),
    ...set(left, subtract(get(left), get(side))),
    ...set(right, add(add(get(right), constant(entryBytes)), get(side))),
    ...set(at, add(get(at), constant(entryBytes))),
  ];
  const oneOrder = [
    ...set(at, get(from)),
    ...set(end, add(get(from), get(bytes))),
    ...set(left, get(to)),
    ...set(right, add(get(to), get(leftBytes))),
    ...loopWhile(step, lessUnsigned(get(at), get(end))),
    ...set(from, add(get(from), constant(orderBytes))),
    ...set(to, add(get(to), constant(orderBytes))),
    ...set(orders, subtract(get(orders), constant(1))),
  ];
  return {
    name: "divide",
    results: 0,
    parameters: 5,
    integers: 6,
    vectors: 0,
    body: loopWhile(oneOrder, get(orders)),
  };
}

/** What the kernels work on. An entry's index in `entries` is half its address. */
export interface BlockMemory {
  /** Of each row of the block its weight, then its content. */
  readonly pairs: Float64Array;
  /** Of the node that is scanned: its weight, then its content. */
  readonly total: Float64Array;
  readonly score: Float64Array;
  /** By row of the block, -1: it goes left in the split at hand; 0: it goes right. */
  readonly side: Int8Array;
  /** What is to be sorted. */
  readonly unsorted: Uint16Array;
  readonly entries: Uint16Array;
  /** Where in `entries` orders begin: two of drawn columns, and that of the first column at even and at odd depth. */
  readonly drawn: readonly [number, number];
  readonly orders: readonly [number, number];
  readonly kernels: BlockKernels;
}

/** @param columns for which there is room for an order each, twice */
export function blockMemory(columns: number): BlockMemory {
  const bytes = ordersAt + 2 * columns * orderBytes;
  const memory = memoryOf(bytes);
  const { buffer } = memory;
  return {
    pairs: new Float64Array(buffer, 0, 2 * blockRows),
    total: new Float64Array(buffer, totalAt, 2),
    score: new Float64Array(buffer, scoreAt, 1),
    side: new Int8Array(buffer, sideAt, blockRows),
    unsorted: new Uint16Array(buffer, entriesAt, blockRows),
    entries: new Uint16Array(buffer, 0, bytes / entryBytes),
    drawn: [drawnAt / entryBytes, (drawnAt + orderBytes) / entryBytes],
    orders: [ordersAt / entryBytes, (ordersAt + columns * orderBytes) / entryBytes],
    kernels: kernelsOn<BlockKernels>(memory, [sortFewKernel(), sortManyKernel(), scanKernel(), divideKernel()]),
  };
}
