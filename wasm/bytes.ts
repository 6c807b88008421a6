/**
 * Instructions on the bytes and the integers of a vector, and those on doubles that make numbers of digits; for assemble.ts,
 * whose other instructions are on integers. Addresses here need not be multiples of anything, if nothing else is said.
 */
import { binary, loading, unary } from "./assemble.ts";

type Code = readonly number[];

export const loadBytes = (address: Code): number[] => [...address, 0xfd, 0x00, 0, 0];
export const storeBytes = (address: Code, value: Code): number[] => [...address, ...value, 0xfd, 0x0b, 0, 0];
/** The four bytes of an integer, the lowest first. */
export const storeFour = (address: Code, value: Code): number[] => [...address, ...value, 0x36, 0, 0];

/** The lowest byte of an integer, sixteen times. */
export const sixteen = unary(0xfd, 0x0f);
const constantVector = (bytes: Iterable<number>): number[] => [0xfd, 0x0c, ...bytes];
export const bytes = (values: readonly number[]): number[] => constantVector(Uint8Array.from(values));
/** A constant byte, sixteen times. */
export const sixteenOf = (value: number): number[] => constantVector(new Uint8Array(16).fill(value));
/** Eight integers of 16 bits, of which two take turns. */
export function shortPairs(a: number, b: number): number[] {
  return constantVector(new Uint8Array(Int16Array.of(a, b, a, b, a, b, a, b).buffer));
}

/** Comparisons leave 255 in a byte where they hold, and else 0. */
export const equalBytes = binary(0xfd, 0x23);
export const atMostUnsigned = binary(0xfd, 0x2a);
/** With a sign. */
export const atMostBytes = binary(0xfd, 0x29);
export const bothBits = binary(0xfd, 0x4e);
export const eitherBits = binary(0xfd, 0x50);
export const addBytes = binary(0xfd, 0x6e);
export const subtractBytes = binary(0xfd, 0x71);
/** An integer of the upper bits of all bytes, that of the first one lowest. */
export const upperBits = unary(0xfd, 0x64);
/** The bytes at the places that the second vector names; 0 for a place that there is not. */
export const bytesAt = binary(0xfd, 0x0e);
export const firstByte = unary(0xfd, 0x16, 0);

/** An integer of 32 bits, four times. */
export const spread = unary(0xfd, 0x11);
/** Eight integers of 16 bits that are 0. */
export const noShorts = constantVector(new Uint8Array(16));
/** All bits of an integer are set where the first one is not less. */
export const notLessShorts = binary(0xfd, 0x36);
export const subtractShorts = binary(0xfd, 0x91, 0x01);
/** The integer at an even address, eight times. */
export const loadEightTimes = loading(0xfd, 0x08, 1);

export const addShorts = binary(0xfd, 0x8e, 0x01);
export const multiplyShorts = binary(0xfd, 0x95, 0x01);
export const shiftShortsRight = binary(0xfd, 0x8d, 0x01);
/** Products of integers of 16 bits, each two of them added to one of 32 bits. */
export const multiplyAndAddShorts = binary(0xfd, 0xba, 0x01);
/** The four integers of 32 bits of either vector as eight of 16 bits. */
export const shortsOf = binary(0xfd, 0x85, 0x01);
/** One of four integers of 32 bits. */
export const word = (vector: Code, place: number): number[] => [...vector, 0xfd, 0x1b, place];

export const double = (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
export const doubleOf = unary(0xb7);
export const addDoubles = binary(0xa0);
export const multiplyDoubles = binary(0xa2);
export const divideDoubles = binary(0xa3);
/** The first with the sign of the second. */
export const withSign = binary(0xa6);
export const loadDouble = loading(0x2b, 0);
export const storeDouble = (address: Code, value: Code): number[] => [...address, ...value, 0x39, 0, 0];
/** Runs one of the two, each of which leaves a double. */
export const doubleIf = (condition: Code, yes: Code, no: Code): number[] => [
  ...condition,
  0x04,
  0x7c,
  ...yes,
  0x05,
  ...no,
  0x0b,
];
