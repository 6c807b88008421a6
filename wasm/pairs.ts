/** Instructions on vectors of two doubles, for assemble.ts, whose other instructions are on integers. */
import { binary, loading, storing } from "./assemble.ts";

export const addPairs = binary(0xfd, 0xf0, 0x01);
export const subtractPairs = binary(0xfd, 0xf1, 0x01);
export const multiplyPairs = binary(0xfd, 0xf2, 0x01);
export const dividePairs = binary(0xfd, 0xf3, 0x01);
const bytesFrom = (...begins: number[]): number[] =>
  begins.flatMap((begin) => [0, 1, 2, 3, 4, 5, 6, 7].map((k) => begin + k));
/** The first doubles of two pairs, or their second ones, as a pair. */
export const firsts = binary(0xfd, 0x0d, ...bytesFrom(0, 16));
export const seconds = binary(0xfd, 0x0d, ...bytesFrom(8, 24));
/** The second double of a pair and its first one; the code of the pair runs twice. */
export const swapped = (pair: readonly number[]): number[] => [...pair, ...pair, 0xfd, 0x0d, ...bytesFrom(8, 16)];
/** All bits of a double are set where the first one is more. */
export const morePairs = binary(0xfd, 0x4a);
export const highestPairs = binary(0xfd, 0xf7, 0x01);
/** Bits of `ones` where the mask has ones, of `zeros` where it has none. */
export const choose = (mask: readonly number[], ones: readonly number[], zeros: readonly number[]): number[] => [
  ...ones,
  ...zeros,
  ...mask,
  0xfd,
  0x52,
];
/** -Infinity, twice. */
export const lowestPair: readonly number[] = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0xff, 0xfd, 0x14];

/** Two doubles at an address; quickest where it is a multiple of 16 together with the offset. */
export const loadPair = loading(0xfd, 0x00, 4);
/** The double at an address, twice. */
export const loadTwice = loading(0xfd, 0x0a, 3);
export const storePair = storing(0xfd, 0x0b, 4);
