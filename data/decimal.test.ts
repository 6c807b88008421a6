import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecimalReader } from "./decimal.ts";

const point = new DecimalReader(0x2e);
const read = (text: string, reader = point): number => {
  const bytes = Buffer.from(`9${text}9`);
  return reader.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 1, bytes.length - 1);
};
/** Either the very double of Number(), or left to it. */
const agrees = (text: string): boolean => Number.isNaN(read(text)) || Object.is(read(text), Number(text));

describe("a decimal number", () => {
  test("is the nearest double, for plain digits of any kind", () => {
    const digits = fc.stringMatching(/^[0-9]{1,19}$/);
    const exponent = fc.oneof(
      fc.constant(""),
      fc.integer({ min: -400, max: 400 }).map((power) => `e${power}`),
    );
    const text = fc
      .tuple(fc.constantFrom("", "-", "+"), digits, fc.nat(19), exponent)
      .map(([sign, all, at, power]) => `${sign}${all.slice(0, at)}.${all.slice(at)}${power}`);
    fc.assert(fc.property(text, agrees), { numRuns: 20_000 });
  });

  test("is the nearest double, for doubles as JavaScript writes them", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -100, max: 100, noNaN: true }),
    );
    fc.assert(fc.property(value.map(String), agrees), { numRuns: 20_000 });
  });

  test("is the nearest double beside the middle of two, and in it", () => {
    const value = fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n });
    const middle = fc.tuple(value, fc.integer({ min: 1, max: 5 }), fc.constantFrom(-1n, 0n, 1n));
    const property = fc.property(middle, ([integer, shift, off]) => {
      // (integer + 1/2) / 2^shift as a decimal, which ends after shift + 1 digits.
      const places = shift + 1;
      const scaled = String(((2n * integer + 1n) * 10n ** BigInt(places)) / 2n ** BigInt(places) + off);
      return agrees(`${scaled.slice(0, -places)}.${scaled.slice(-places)}`);
    });
    fc.assert(property, { numRuns: 20_000 });
    expect(read("2251799813685249.5")).toBe(2251799813685249.5);
    expect(read("2251799813685249.26")).toBe(2251799813685249.5);
    // In the very middle the remainder does not tell.
    expect(read("2251799813685249.25")).toBeNaN();
  });

  const plain = ["0", "-0", "007", "3.", ".5", "+.5", "1e5", "1E-5", "0.1", "123456789012345678", "1e22"];
  test.each(plain)("%s is read here", (text) => expect(read(text)).toBe(Number(text)));

  const left = [
    "",
    ".",
    "-",
    "+-1",
    "1e",
    "1e+",
    "1e12345",
    "1.2.3",
    "1 ",
    "0x1",
    "1,5",
    "inf",
    "1e23",
    "0e9999",
    "1234567890123456789",
    "e5",
  ];
  test.each(left)("%j is left to those who read texts", (text) => expect(read(text)).toBeNaN());

  test("has no mark but the table's", () => {
    const comma = new DecimalReader(0x2c);
    expect(read("-12,75", comma)).toBe(-12.75);
    expect(read("12.75", comma)).toBeNaN();
  });
});
