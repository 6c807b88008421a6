/** Divides each row by its norm; a row of zeros stays as it is. */
import { LineError } from "../errors.ts";
import { asFields, text } from "../fields.ts";
import type { Step } from "./step.ts";

export interface FittedNormalizer {
  readonly norm: "l1" | "l2" | "max";
}

/** The norm of `length` numbers from `from` on. */
type Norm = (values: Float64Array, from: number, length: number) => number;

const norms: Readonly<Record<string, Norm>> = {
  l1(values, from, length) {
    let sum = 0;
    for (let i = from; i < from + length; i++) sum += Math.abs(values[i]!);
    return sum;
  },
  l2(values, from, length) {
    let sum = 0;
    for (let i = from; i < from + length; i++) sum += values[i]! ** 2;
    return Math.sqrt(sum);
  },
  max(values, from, length) {
    let greatest = 0;
    for (let i = from; i < from + length; i++) greatest = Math.max(greatest, Math.abs(values[i]!));
    return greatest;
  },
};

export const normalizer: Step = {
  kind: "transformer",
  read(fitted, { columns }) {
    const name = text(asFields(fitted), "norm");
    const norm = Object.hasOwn(norms, name) ? norms[name] : undefined;
    if (norm === undefined) throw new LineError(`norm must be one of ${Object.keys(norms).join(", ")}`);
    return {
      columns,
      apply({ rows, values }) {
        const divided = Float64Array.from(values);
        for (let row = 0; row < rows; row++) {
          const length = norm(values, row * columns, columns);
          // Of tiny numbers the norm may be 0, of huge ones infinite: neither divides.
          if (length === 0 || length === Infinity) continue;
          for (let at = row * columns; at < (row + 1) * columns; at++) divided[at]! /= length;
        }
        return { rows, columns, values: divided };
      },
    };
  },
};
