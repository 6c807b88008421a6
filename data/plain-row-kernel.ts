/**
 * The loop that reads a plain row in WebAssembly, sixteen bytes at a time: it finds where each cell ends, makes a number of the
 * digits, and writes the row as the JSON line that is hashed. Digits become a number in four steps: they are moved to the end
 * of a vector, without the decimal mark, and then pairs, fours and eights are added up, all side by side.
 */
import {
  add,
  and,
  constant,
  equal,
  get,
  ifElse,
  isZero,
  type Kernel,
  lessUnsigned,
  loadByte,
  loopWhile,
  or,
  select,
  set,
  shiftLeft,
  shiftRight,
  storeWord,
  subtract,
  trailingZeros,
} from "../wasm/assemble.ts";
import {
  addBytes,
  addDoubles,
  addShorts,
  atMostBytes,
  bothBits,
  bytes,
  bytesAt,
  divideDoubles,
  double,
  doubleIf,
  doubleOf,
  eitherBits,
  equalBytes,
  firstByte,
  atMostUnsigned,
  loadBytes,
  loadDouble,
  multiplyAndAddShorts,
  multiplyDoubles,
  multiplyShorts,
  shiftShortsRight,
  shortPairs,
  shortsOf,
  sixteen,
  sixteenOf,
  storeBytes,
  storeDouble,
  storeFour,
  subtractBytes,
  upperBits,
  withSign,
  word,
} from "../wasm/bytes.ts";

/** So many make an exact double, and leave room in a vector for what ends the cell. */
export const mostDigits = 15;

/** Addresses of what the kernel reads and writes. */
export interface PlainLayout {
  /** The powers of ten with exponents from 0 to `mostDigits`, as doubles. */
  readonly powers: number;
  /** Of each cell: its number (a double), and where it starts and ends (words). There is room for so many. */
  readonly numbers: number;
  readonly starts: number;
  readonly ends: number;
  readonly maxCells: number;
  /** Two words: how many cells were read, and how many bytes their JSON has. */
  readonly found: number;
  /** Where the JSON is written; `["` is there already. */
  readonly json: number;
}

export interface PlainKernels {
  /**
   * Reads cells from `at` on, until one ends with something that is not the separator: a quote, a backslash or a control
   * character. Any of them must stand behind the last text. @returns where it stands
   */
  readonly readRow: (...numbers: [at: number, separator: number, quote: number, point: number]) => number;
}

const [plus, minus, space, zero, doubleQuote, backslash] = [0x2b, 0x2d, 0x20, 0x30, 0x22, 0x5c];
const fourBytes = (text: string): number[] =>
  constant(new DataView(new TextEncoder().encode(text).buffer).getInt32(0, true));
const increase = (local: number, by: readonly number[]): number[] => set(local, add(get(local), by));

const [at, separator, quote, point] = [0, 1, 2, 3] as const;
/** `cell` is 4 for each cell. The masks have a bit for each of sixteen bytes. */
const [cell, to, endMask, whole, digitMask, pointMask, length] = [4, 5, 6, 7, 8, 9, 10] as const;
const [separators, quotes, points, text, digits, places] = [11, 12, 13, 14, 15, 16] as const;
/** Constants, held in locals because the loop would make each of them anew for each cell. */
const constants = {
  doubleQuotes: sixteenOf(doubleQuote),
  backslashes: sixteenOf(backslash),
  lastControls: sixteenOf(space - 1),
  zeros: sixteenOf(zero),
  nines: sixteenOf(9),
  order: bytes(Array.from({ length: 16 }, (_, i) => i)),
  tens: shortPairs(10, 10),
  firstOfTwo: shortPairs(0xff, 0xff),
  hundreds: shortPairs(100, 1),
  tenThousands: shortPairs(10_000, 1),
};
const constantNames = Object.keys(constants) as (keyof typeof constants)[];
const held = (name: keyof typeof constants): number[] => get(17 + constantNames.indexOf(name));

/** Takes the next sixteen bytes, and finds where text ends among them. */
const takeText = [
  ...set(text, loadBytes(get(at))),
  ...storeBytes(get(to), get(text)),
  ...set(
    endMask,
    upperBits(
      [
        equalBytes(get(text), get(separators)),
        equalBytes(get(text), get(quotes)),
        equalBytes(get(text), held("doubleQuotes")),
        equalBytes(get(text), held("backslashes")),
        atMostUnsigned(get(text), held("lastControls")),
      ].reduce((a, b) => eitherBits(a, b)),
    ),
  ),
];

/** The number that `digits` make, the last one in the last byte: at most fifteen, so each sum is an exact double. */
function integer(): number[] {
  const pairs = addShorts(
    multiplyShorts(bothBits(get(digits), held("firstOfTwo")), held("tens")),
    shiftShortsRight(get(digits), constant(8)),
  );
  const fours = multiplyAndAddShorts(pairs, held("hundreds"));
  return [
    ...set(digits, fours),
    ...set(digits, multiplyAndAddShorts(shortsOf(get(digits), get(digits)), held("tenThousands"))),
    ...addDoubles(multiplyDoubles(doubleOf(word(get(digits), 0)), double(1e8)), doubleOf(word(get(digits), 1))),
  ];
}

/** The number of the `length` bytes of the text, which are digits, and may be a mark among them and a sign before them. */
function number({ powers }: PlainLayout): number[] {
  const pointAt = trailingZeros(get(pointMask));
  const placesBehind = select(subtract(subtract(get(length), constant(1)), pointAt), constant(0), get(pointMask));
  return [
    // Byte i of the result is the one at length - 16 + i; up to the mark, the one before that.
    ...set(places, addBytes(sixteen(subtract(get(length), constant(16))), held("order"))),
    ...set(
      places,
      addBytes(get(places), atMostBytes(get(places), sixteen(select(pointAt, constant(-128), get(pointMask))))),
    ),
    ...set(digits, bytesAt(get(digits), get(places))),
    ...withSign(
      divideDoubles(integer(), loadDouble(shiftLeft(placesBehind, constant(3)), powers)),
      doubleOf(subtract(constant(1), shiftLeft(equal(firstByte(get(text)), constant(minus)), constant(1)))),
    ),
  ];
}

/** Whether the `whole` of the text is a number. */
function isNumber(): number[] {
  const first = firstByte(get(text));
  const isSigned = or(equal(first, constant(plus)), equal(first, constant(minus)));
  return [
    ...set(places, subtractBytes(get(text), held("zeros"))),
    ...set(digits, atMostUnsigned(get(places), held("nines"))),
    ...set(digitMask, and(upperBits(get(digits)), get(whole))),
    ...set(pointMask, and(upperBits(equalBytes(get(text), get(points))), get(whole))),
    ...set(digits, bothBits(get(digits), get(places))),
    ...and(
      and(
        equal(or(or(get(digitMask), get(pointMask)), isSigned), get(whole)),
        isZero(and(get(pointMask), subtract(get(pointMask), constant(1)))),
      ),
      lessUnsigned(constant(0), get(digitMask)),
    ),
  ];
}

export function readRowKernel(layout: PlainLayout): Kernel {
  const { starts, ends, numbers, maxCells, found, json } = layout;
  const numberAt = add(constant(numbers), shiftLeft(get(cell), constant(1)));
  const passText = [
    ...set(length, trailingZeros(get(endMask))),
    ...increase(at, get(length)),
    ...increase(to, get(length)),
  ];
  const shortCell = [
    ...passText,
    ...set(whole, subtract(shiftLeft(constant(1), get(length)), constant(1))),
    ...storeDouble(numberAt, doubleIf(isNumber(), number(layout), double(NaN))),
  ];
  const longCell = [
    ...loopWhile([...increase(at, constant(16)), ...increase(to, constant(16)), ...takeText], isZero(get(endMask))),
    ...passText,
    ...storeDouble(numberAt, double(NaN)),
  ];
  const oneCell = [
    ...increase(at, constant(1)),
    ...increase(to, constant(3)),
    ...storeWord(add(constant(starts), get(cell)), get(at)),
    ...takeText,
    ...ifElse(get(endMask), shortCell, longCell),
    ...storeWord(add(constant(ends), get(cell)), get(at)),
    ...storeFour(get(to), fourBytes('","\0')),
    ...increase(cell, constant(4)),
  ];
  const isOneMore = and(equal(loadByte(get(at)), get(separator)), lessUnsigned(get(cell), constant(4 * maxCells)));
  const body = [
    ...constantNames.flatMap((name, index) => set(17 + index, constants[name])),
    ...set(separators, sixteen(get(separator))),
    ...set(quotes, sixteen(get(quote))),
    ...set(points, sixteen(get(point))),
    ...set(to, constant(json - 1)),
    ...set(at, subtract(get(at), constant(1))),
    ...loopWhile(oneCell, isOneMore),
    ...storeFour(get(to), fourBytes('"]\n\0')),
    ...storeWord(constant(found), shiftRight(get(cell), constant(2))),
    ...storeWord(constant(found + 4), subtract(get(to), constant(json - 3))),
    ...get(at),
  ];
  return { name: "readRow", results: 1, parameters: 4, integers: 7, vectors: 6 + constantNames.length, body };
}
