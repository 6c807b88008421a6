/**
 * Just enough of WebAssembly's binary format (webassembly.github.io/spec, "Binary Format") to write a kernel in this repository
 * and not as a blob: a module that takes a memory and exports functions of 32-bit integers.
 */

export interface Kernel {
  readonly name: string;
  /** How many integers it answers: none or one. */
  readonly results: 0 | 1;
  /** How many parameters, and how many locals of each type after them; all are numbered from 0 in this order. */
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly body: readonly number[];
}

const int32 = 0x7f;
const vector = 0x7b;
const functionType = 0x60;
const end = 0x0b;

/** An unsigned integer, seven bits a byte, the lowest first (LEB128). */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** A signed one: the sixth bit of the last byte is the sign. */
function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

const counted = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const named = (text: string): number[] => sized([...new TextEncoder().encode(text)]);
const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(counted(items))];

/** The module's bytes. It imports its memory as `kernels.memory`. */
export function assemble(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  const integers = (count: number): number[] => counted(Array.from({ length: count }, () => [int32]));
  const types = kernels.map(({ parameters, results }) => [functionType, ...integers(parameters), ...integers(results)]);
  const memory = [...named("kernels"), ...named("memory"), 0x02, 0x00, 0x00];
  const bodies = kernels.map((kernel) =>
    sized([
      ...counted([
        [...unsigned(kernel.integers), int32],
        [...unsigned(kernel.vectors), vector],
      ]),
      ...kernel.body,
      end,
    ]),
  );
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00,
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      kernels.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      kernels.map(({ name }, index) => [...named(name), 0x00, ...unsigned(index)]),
    ),
    ...section(10, bodies),
  ]);
}

/** Instructions, each with its operands before it. Arguments are code that leaves one value. */
export const get = (local: number): number[] => [0x20, ...unsigned(local)];
export const set = (local: number, value: readonly number[]): number[] => [...value, 0x21, ...unsigned(local)];
/** An integer or an address, of 32 bits. */
export const constant = (value: number): number[] => [0x41, ...signed(value | 0)];

export const binary =
  (...code: number[]) =>
  (a: readonly number[], b: readonly number[]): number[] => [...a, ...b, ...code];
export const unary =
  (...code: number[]) =>
  (a: readonly number[]): number[] => [...a, ...code];
export const ternary =
  (...code: number[]) =>
  (a: readonly number[], b: readonly number[], c: readonly number[]): number[] => [...a, ...b, ...c, ...code];
/** Of what is an offset behind an address. */
export const loading =
  (...code: number[]) =>
  (address: readonly number[], offset: number): number[] => [...address, ...code, ...unsigned(offset)];
export const storing =
  (...code: number[]) =>
  (address: readonly number[], offset: number, value: readonly number[]): number[] => [
    ...address,
    ...value,
    ...code,
    ...unsigned(offset),
  ];
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const multiply = binary(0x6c);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const shiftLeft = binary(0x74);
export const shiftRight = binary(0x76);
export const isZero = unary(0x45);
export const equal = binary(0x46);
export const lessUnsigned = binary(0x49);
/** How many of the lower bits are 0; 32 of 0. */
export const trailingZeros = unary(0x68);
/** The first value where the condition is not 0, or else the second one. */
export const select = ternary(0x1b);
export const notLessUnsigned = binary(0x4f);

/** Four bytes as an integer, from an address that is a multiple of 4. */
export const loadWord = (address: readonly number[]): number[] => [...address, 0x28, 2, 0];
export const storeWord = (address: readonly number[], value: readonly number[]): number[] => [
  ...address,
  ...value,
  0x36,
  2,
  0,
];
/** Two bytes as an integer without a sign, from an even address. */
export const loadHalf = loading(0x2f, 1);
export const storeHalf = storing(0x3b, 1);
/** A byte as an integer with a sign. */
export const loadSigned = loading(0x2c, 0);
export const loadByte = (address: readonly number[]): number[] => [...address, 0x2d, 0, 0];

/** Runs the code, and again as long as the condition that follows it holds. */
export const loopWhile = (code: readonly number[], condition: readonly number[]): number[] => [
  0x03,
  0x40,
  ...code,
  ...condition,
  0x0d,
  0x00,
  end,
];

/** Runs one of the two, which leave nothing. */
export const ifElse = (condition: readonly number[], yes: readonly number[], no: readonly number[]): number[] => [
  ...condition,
  0x04,
  0x40,
  ...yes,
  0x05,
  ...no,
  end,
];
/** Runs the code if the condition holds. */
export const when = (condition: readonly number[], code: readonly number[]): number[] => [
  ...condition,
  0x04,
  0x40,
  ...code,
  end,
];
