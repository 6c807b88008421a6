/**
 * Reading JSON that anyone may have written: each function answers the field's value with its type proven, or throws a
 * LineError that names the field.
 */
import { LineError } from "./errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new LineError("is not a JSON object");
  return value as Fields;
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new LineError(`${name} must be a string`);
  return value;
}

/** An integer from `min` to `max`. */
export function integer(fields: Fields, name: string, { min, max }: { min: number; max: number }): number {
  const value = fields[name];
  if (!isInteger(value, min, max)) throw new LineError(`${name} must be an integer from ${min} to ${max}`);
  return value;
}

export function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new LineError(`${name} must be a list`);
  return value;
}

/** A list of strings, none of them twice. */
export function names(fields: Fields, name: string): readonly string[] {
  const values = list(fields, name);
  if (!values.every((value) => typeof value === "string")) throw new LineError(`${name} must hold strings`);
  if (new Set(values).size < values.length) throw new LineError(`${name} holds a string twice`);
  return values;
}

/** A list of integers from `min` to `max`. */
export function integers(fields: Fields, name: string, { min, max }: { min: number; max: number }): readonly number[] {
  const values = list(fields, name);
  for (let i = 0; i < values.length; i++) {
    if (!isInteger(values[i], min, max)) throw new LineError(`${name}[${i}] must be an integer from ${min} to ${max}`);
  }
  return values as readonly number[];
}

/** A list of numbers, none of them NaN or infinite. */
export function finite(fields: Fields, name: string): readonly number[] {
  const values = list(fields, name);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new LineError(`${name}[${wrong}] must be a finite number`);
  return values as readonly number[];
}

/** A number that is neither NaN nor infinite. */
export function finiteNumber(fields: Fields, name: string): number {
  const value = fields[name];
  if (!Number.isFinite(value)) throw new LineError(`${name} must be a finite number`);
  return value as number;
}

export function isInteger(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}
