/** Lists of numbers in a fitted step, proven to have the length that the step counts on. */
import { LineError } from "../errors.ts";
import { type Fields, finite, integers, list } from "../fields.ts";

/** @throws {LineError} unless the field is a list of `length` finite numbers */
export function vector(fields: Fields, name: string, length: number): Float64Array {
  const numbers = finite(fields, name);
  if (numbers.length !== length)
    throw new LineError(`${name} has ${numbers.length} entries where ${length} are needed`);
  return Float64Array.from(numbers);
}

/** @throws {LineError} unless the field is a list of lists, each of `length` finite numbers */
export function vectors(fields: Fields, name: string, length: number): readonly Float64Array[] {
  const rows = list(fields, name);
  return rows.map((row, i) => vector({ [`${name}[${i}]`]: row }, `${name}[${i}]`, length));
}

/** @throws {LineError} unless the field is a list of integers from 0 to `below` - 1, each greater than the one before */
export function ascending(fields: Fields, name: string, below: number): Int32Array {
  const numbers = integers(fields, name, { min: 0, max: below - 1 });
  if (numbers.some((number, i) => i > 0 && number <= numbers[i - 1]!)) throw new LineError(`${name} must ascend`);
  return Int32Array.from(numbers);
}

/**
 * Classes that had rows when a predictor was fitted, as codes; the others get probability 0.
 * @throws {LineError} unless there is one, and each is a class of the target
 */
export function fittedClasses(fields: Fields, classes: number | undefined): Int32Array {
  if (classes === undefined) throw new LineError("tells classes, and the target is a number");
  const codes = ascending(fields, "classes", classes);
  if (codes.length === 0) throw new LineError("classes must not be empty");
  return codes;
}
