/**
 * Decimal numbers read from bytes, without a string. Up to 18 digits are the sum of two exact doubles; together with a
 * power of ten that is a double as well (at most 10^22), one operation gives the nearest double (Clinger 1990), or else a
 * quotient corrected by its exact remainder does (Dekker 1971). What is written in any other way is left to Number().
 */

const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Integers below it are doubles. */
const exact = 2 ** 53;
/** So many digits are an int32. */
const half = 9;

const [zero, plus, minus, lowerE, upperE] = [0x30, 0x2b, 0x2d, 0x65, 0x45];

/** The number in `bytes` from `start` to `end`; NaN where it is not written plainly, or has too many digits. */
export type DecimalReader = (bytes: Uint8Array, start: number, end: number) => number;

/**
 * Reads `[+-]digits[.digits][e[+-]digits]` as the nearest double, which is what Number() makes of it.
 * @param point the byte of the decimal mark
 */
export function decimalReader(point: number): DecimalReader {
  return (bytes, start, end) => {
    const first = bytes[start];
    let at = first === minus || first === plus ? start + 1 : start;
    let high = 0;
    let low = 0;
    let digits = 0;
    let seen = false;
    let behindPoint = -1;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      const digit = byte - zero;
      if (digit >= 0 && digit <= 9) {
        seen = true;
        if (digit === 0 && digits === 0) continue;
        if (digits < half) high = high * 10 + digit;
        else low = low * 10 + digit;
        if (++digits > 2 * half) return NaN;
      } else if (byte === point && behindPoint < 0) behindPoint = at + 1;
      else break;
    }
    if (!seen) return NaN;
    const power = (at === end ? 0 : exponent(bytes, at, end)) - (behindPoint < 0 ? 0 : at - behindPoint);
    const value = scaled(digits > half ? high * powers[digits - half]! : high, low, power);
    return first === minus ? -value : value;
  };
}

/** The number behind an `e`; NaN where there is none, or one that no double needs. */
function exponent(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== lowerE && bytes[start] !== upperE) return NaN;
  const sign = bytes[start + 1];
  let at = sign === minus || sign === plus ? start + 2 : start + 1;
  if (at >= end || end - at > 4) return NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - zero;
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
  return power >= -22 && power < 0 ? quotient(sum, low - (sum - high), powers[-power]!) : NaN;
}

/** Veltkamp's constant: it parts a double into two halves whose products are exact. */
const splitter = 2 ** 27 + 1;

/**
 * The double nearest to (sum + rest) / divisor, `rest` being what rounding took from `sum`; NaN where the remainder is so
 * near to the middle between two doubles that its own rounding could decide.
 */
function quotient(sum: number, rest: number, divisor: number): number {
  const first = sum / divisor;
  const product = first * divisor;
  let parts = first * splitter;
  const a = parts - (parts - first);
  const b = first - a;
  parts = divisor * splitter;
  const c = parts - (parts - divisor);
  const d = divisor - c;
  const lost = a * c - product + a * d + b * c + b * d;
  const correction = (sum - product - lost + rest) / divisor;
  const below = first + correction * (1 - 2 ** -48);
  return below === first + correction * (1 + 2 ** -48) ? below : NaN;
}
