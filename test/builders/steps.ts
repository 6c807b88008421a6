/** Steps for tests of pipelines, in place of model/steps/table.ts: each is as simple as its kind can be, and one lies. */
import { asFields, finite } from "../../model/fields.ts";
import { standardScaler } from "../../model/steps/standard-scaler.ts";
import type { Matrix, Step } from "../../model/steps/step.ts";

const rowsOf = ({ rows, columns, values }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
const matrixOf = (rows: readonly (readonly number[])[], columns: number): Matrix => ({
  rows: rows.length,
  columns,
  values: Float64Array.from(rows.flat()),
});
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Answers the sum of its columns and a `bias`, and for classes its `shares`, whatever the row and whatever they sum to. */
const total: Step = {
  kind: "predictor",
  read(fitted, { classes }) {
    if (classes !== undefined) {
      const shares = finite(asFields(fitted), "shares");
      return { columns: shares.length, apply: ({ rows }) => matrixOf(Array(rows).fill(shares), shares.length) };
    }
    const bias = Number(asFields(fitted).bias);
    return {
      columns: 1,
      apply: (input) =>
        matrixOf(
          rowsOf(input).map((row) => [sum(row) + bias]),
          1,
        ),
    };
  },
};

/** Every column times itself. */
const power: Step = {
  kind: "transformer",
  read: (_, { columns }) => ({
    columns,
    apply: ({ rows, values }) => ({ rows, columns, values: values.map((value) => value ** 2) }),
  }),
};

export const steps: Readonly<Record<string, Step>> = { standardScaler, total, power };
