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

/** Numbers of one decimal mark. */
export class DecimalReader {
  readonly #point: number;
  /** What the digits make, those behind leading zeros: high * 10^lowDigits + low. */
  #high = 0;
  #low = 0;
  #highDigits = 0;
  #lowDigits = 0;

  /** @param point the byte of the decimal mark */
  constructor(point: number) {
    this.#point = point;
  }

  /**
   * Reads `[+-]digits[.digits][e[+-]digits]` as the nearest double, which is what Number() makes of it.
   * @returns NaN where the bytes from `start` to `end` are not written so, or have too many digits
   */
  read(bytes: DataView, start: number, end: number): number {
    if (start === end) return NaN;
    const first = bytes.getUint8(start);
    const begin = first === minus || first === plus ? start + 1 : start;
    this.#high = this.#low = this.#highDigits = this.#lowDigits = 0;
    let at = this.#digits(bytes, behindZeros(bytes, begin, end), end);
    let digits = at - begin;
    let places = 0;
    if (at < end && bytes.getUint8(at) === this.#point) {
      const fraction = at + 1;
      at = this.#digits(bytes, this.#highDigits === 0 ? behindZeros(bytes, fraction, end) : fraction, end);
      places = at - fraction;
      digits += places;
    }
    if (digits === 0 || this.#highDigits + this.#lowDigits > most) return NaN;
    const power = (at === end ? 0 : exponent(bytes, at, end)) - places;
    const value = scaled(this.#high * powers[this.#lowDigits]!, this.#low, power);
    return first === minus ? -value : value;
  }

  /** Takes a run of digits. @returns where it ends */
  #digits(bytes: DataView, begin: number, end: number): number {
    let at = begin;
    for (; at + 4 <= end; at += 4) {
      const word = bytes.getInt32(at, true);
      if (!isFourDigits(word)) break;
      if (this.#isLongRest(bytes, at, end)) return this.#takeLongRest(bytes, at, end);
      this.#take(fourDigits(word), 4);
    }
    for (; at < end; at++) {
      const digit = bytes.getUint8(at) - zero;
      if (digit < 0 || digit > 9) break;
      this.#take(digit, 1);
    }
    return at;
  }

  #take(value: number, digits: 1 | 4): void {
    if (this.#lowDigits === 0 && this.#highDigits + digits <= mostHigh) {
      this.#high = this.#high * powers[digits]! + value;
      this.#highDigits += digits;
    } else {
      this.#low = this.#low * powers[digits]! + value;
      this.#lowDigits += digits;
    }
  }

  /** Whether all the rest is 16 to 19 digits, behind one at most: so a program writes most numbers. */
  #isLongRest(bytes: DataView, at: number, end: number): boolean {
    return (
      at + 16 <= end &&
      at + 20 > end &&
      this.#highDigits <= 1 &&
      isFourDigits(bytes.getInt32(at + 4, true)) &&
      isFourDigits(bytes.getInt32(at + 8, true)) &&
      isFourDigits(bytes.getInt32(at + 12, true)) &&
      isFourDigits(bytes.getInt32(end - 4, true))
    );
  }

  #takeLongRest(bytes: DataView, at: number, end: number): number {
    const left = end - at - 16;
    const high = fourDigits(bytes.getInt32(at, true)) * 10_000 + fourDigits(bytes.getInt32(at + 4, true));
    const low = fourDigits(bytes.getInt32(at + 8, true)) * 10_000 + fourDigits(bytes.getInt32(at + 12, true));
    this.#high = this.#high * 1e8 + high;
    this.#low = low * powers[left]! + fourDigits(bytes.getInt32(end - 4, true) & lastBytes[left]!);
    this.#highDigits += 8;
    this.#lowDigits = 8 + left;
    return end;
  }
}

/** Whether a word of four bytes, the first one lowest, is four digits: each has an upper half of 3, also when 6 is added. */
function isFourDigits(word: number): boolean {
  return (word & (word + 0x06060606) & 0xf0f0f0f0) === 0x30303030;
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
