/**
 * Decimal numbers read from bytes, without a string. Up to 18 digits are the sum of two exact doubles; together with a
 * power of ten that is a double as well (at most 10^22), one operation gives the nearest double (Clinger 1990), or else a
 * quotient corrected by its exact remainder does (Dekker 1971). What is written in any other way is left to Number().
 */

const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Integers below it are doubles. */
const exact = 2 ** 53;
/** Digits of the higher part, and of both: the higher one, shifted by the digits of the lower, is an exact double then. */
const [mostHigh, most] = [9, 18];

const [zero, plus, minus, lowerE, upperE] = [0x30, 0x2b, 0x2d, 0x65, 0x45];

/** The number in the bytes from `start` to `end`; NaN where it is not written plainly, or has too many digits. */
export type DecimalReader = (bytes: DataView, start: number, end: number) => number;

/**
 * Reads `[+-]digits[.digits][e[+-]digits]` as the nearest double, which is what Number() makes of it.
 * @param point the byte of the decimal mark
 */
export function decimalReader(point: number): DecimalReader {
  return (bytes, start, end) => {
    if (start === end) return NaN;
    const first = bytes.getUint8(start);
    const begin = first === minus || first === plus ? start + 1 : start;
    let at = behindZeros(bytes, begin, end);
    let high = 0;
    let low = 0;
    let highDigits = 0;
    let lowDigits = 0;
    let fraction = -1;
    while (at < end) {
      const word = at + 4 <= end ? bytes.getInt32(at, true) : 0;
      if (isFourDigits(word)) {
        const left = end - at - 16;
        if (left >= 0 && left < 4 && lowDigits === 0 && highDigits <= 1 && areDigits(bytes, at + 4, end)) {
          // All the rest in one go: so a program writes most numbers.
          high = high * 1e8 + fourDigits(word) * 10_000 + fourDigits(bytes.getInt32(at + 4, true));
          low = fourDigits(bytes.getInt32(at + 8, true)) * 10_000 + fourDigits(bytes.getInt32(at + 12, true));
          low = low * powers[left]! + fourDigits(bytes.getInt32(end - 4, true) & lastBytes[left]!);
          highDigits += 8;
          lowDigits = 8 + left;
          at = end;
          break;
        }
        const four = fourDigits(word);
        if (lowDigits === 0 && highDigits + 4 <= mostHigh) {
          high = high * 10_000 + four;
          highDigits += 4;
        } else {
          low = low * 10_000 + four;
          lowDigits += 4;
        }
        at += 4;
        continue;
      }
      const byte = bytes.getUint8(at);
      if (byte >= zero && byte <= zero + 9) {
        at += 1;
        if (lowDigits === 0 && highDigits < mostHigh) {
          high = high * 10 + (byte - zero);
          highDigits += 1;
        } else {
          low = low * 10 + (byte - zero);
          lowDigits += 1;
        }
      } else if (byte === point && fraction < 0) {
        fraction = at + 1;
        at = highDigits === 0 ? behindZeros(bytes, fraction, end) : fraction;
      } else break;
    }
    const digits = at - begin - (fraction < 0 ? 0 : 1);
    if (digits === 0 || highDigits + lowDigits > most) return NaN;
    const power = (at === end ? 0 : exponent(bytes, at, end)) - (fraction < 0 ? 0 : at - fraction);
    const value = scaled(lowDigits === 0 ? high : high * powers[lowDigits]!, low, power);
    return first === minus ? -value : value;
  };
}

/** Whether a word of four bytes, the first one lowest, is four digits: each has an upper half of 3, also when 6 is added. */
function isFourDigits(word: number): boolean {
  return (word & (word + 0x06060606) & 0xf0f0f0f0) === 0x30303030;
}

/** Whether the twelve bytes at `at` are digits, and the four before `end`. */
function areDigits(bytes: DataView, at: number, end: number): boolean {
  return (
    isFourDigits(bytes.getInt32(at, true)) &&
    isFourDigits(bytes.getInt32(at + 4, true)) &&
    isFourDigits(bytes.getInt32(at + 8, true)) &&
    isFourDigits(bytes.getInt32(end - 4, true))
  );
}

/** Leaves of a word the last 0, 1, 2 or 3 bytes. */
const lastBytes = Int32Array.of(0, 0xff << 24, 0xffff << 16, 0xffffff << 8);

/** Their number: first both pairs, side by side, then all. */
function fourDigits(word: number): number {
  const pairs = Math.imul(word & 0x0f0f0f0f, 2561) >>> 8;
  return Math.imul(pairs & 0x00ff00ff, 6553601) >>> 16;
}

function behindZeros(bytes: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && bytes.getUint8(at) === zero) at++;
  return at;
}

/** The number behind an `e`; NaN where there is none, or one that no double needs. */
function exponent(bytes: DataView, start: number, end: number): number {
  const mark = bytes.getUint8(start);
  if ((mark !== lowerE && mark !== upperE) || start + 1 === end) return NaN;
  const sign = bytes.getUint8(start + 1);
  let at = sign === minus || sign === plus ? start + 2 : start + 1;
  if (at >= end || end - at > 4) return NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes.getUint8(at) - zero;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return sign === minus ? -value : value;
}

/** The double nearest to (high + low) * 10^power, both being exact integers below 10^18; NaN where that is not sure. */
function scaled(high: number, low: number, power: number): number {
  const sum = high + low;
  if (power === 0) return sum;
  if (sum < exact) {
    if (power < 0) return power < -22 ? NaN : sum / powers[-power]!;
    return power <= 22 ? sum * powers[power]! : NaN;
  }
  return power >= -22 && power < 0 ? quotient(sum, low - (sum - high), -power) : NaN;
}

/** Veltkamp's constant: it parts a double into two halves whose products are exact. */
const splitter = 2 ** 27 + 1;
const upperHalves = powers.map((power) => power * splitter - (power * splitter - power));
const lowerHalves = powers.map((power, exponent) => power - upperHalves[exponent]!);
const reciprocals = powers.map((power) => 1 / power);

/**
 * The double nearest to (sum + rest) / 10^power, `rest` being what rounding took from `sum`; NaN where the quotient is so
 * near to the middle between two doubles that the rounding of its correction could decide.
 */
function quotient(sum: number, rest: number, power: number): number {
  const divisor = powers[power]!;
  const upper = upperHalves[power]!;
  const lower = lowerHalves[power]!;
  const first = sum / divisor;
  const product = first * divisor;
  const split = first * splitter;
  const a = split - (split - first);
  const b = first - a;
  const lost = a * upper - product + a * lower + b * upper + b * lower;
  const correction = (sum - product - lost + rest) * reciprocals[power]!;
  const below = first + correction * (1 - 2 ** -48);
  return below === first + correction * (1 + 2 ** -48) ? below : NaN;
}
