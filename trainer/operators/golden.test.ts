/** Transformers and predictors against scikit-learn's, recorded by test/golden/record_operators.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../model/steps/step.ts";
import { steps } from "../../model/steps/table.ts";
import type { OperatorName } from "../../traintask/operators.ts";
import { fSurvival } from "./f-distribution.ts";
import { fStatistics } from "./f-statistics.ts";
import type { FitInput, Parameters, Target } from "./operator.ts";
import { operators } from "./table.ts";

interface Table {
  readonly columns: number;
  readonly x: readonly number[];
  readonly classes?: readonly number[];
  readonly values?: readonly number[];
}
interface Case {
  readonly operator: OperatorName;
  readonly parameters: Parameters;
  readonly table: string;
  /** Which rows of the table the outputs are for. */
  readonly rows: readonly number[];
  readonly outputs: readonly number[];
}
const golden = JSON.parse(readFileSync("test/golden/operators.json", "utf8")) as {
  readonly tables: Readonly<Record<string, Table>>;
  readonly cases: readonly Case[];
  /** By table: F and p of each column, on the rows that are not held out. */
  readonly statistics: Readonly<Record<string, readonly [readonly number[], readonly number[]]>>;
};

function rowsOf({ columns, x }: Table, rows: readonly number[]): Matrix {
  const values = rows.flatMap((row) => x.slice(row * columns, (row + 1) * columns));
  return { rows: rows.length, columns, values: Float64Array.from(values) };
}

function targetOf({ classes, values }: Table, rows: readonly number[]): Target {
  if (classes === undefined)
    return { problemType: "regression", values: Float64Array.from(rows, (row) => values![row]!) };
  const codes = Int32Array.from(rows, (row) => classes[row]!);
  return { problemType: "classification", codes, classes: Math.max(...classes) + 1 };
}

/** Three rows of four. */
function trainingInput(name: string): FitInput {
  const table = golden.tables[name]!;
  const rows = Array.from({ length: table.x.length / table.columns }, (_, row) => row).filter((row) => row % 4 !== 3);
  return { x: rowsOf(table, rows), target: targetOf(table, rows), seed: 1 };
}

const inputs = new Map(Object.keys(golden.tables).map((name) => [name, trainingInput(name)]));

/** How far the numbers are apart, as a share of the greatest of them in their column, or of 1. */
function difference(ours: readonly number[], theirs: readonly number[]): number {
  const scale = Math.max(1, ...theirs.map(Math.abs));
  return Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!) / scale));
}

const names = [...new Set(golden.cases.map(({ operator }) => operator))];

describe.each(names)("%s answers what scikit-learn does", (name) => {
  const cases = golden.cases.filter(({ operator }) => operator === name);

  it.each(cases.map((one) => [one.table, JSON.stringify(one.parameters), one] as const))("%s %s", (table, _, one) => {
    const input = inputs.get(table)!;
    const fitted: unknown = JSON.parse(JSON.stringify(operators[name].fit(input, one.parameters)));
    const classes = input.target.problemType === "classification" ? input.target.classes : undefined;
    const step = steps[name]!.read(fitted, { columns: input.x.columns, classes });
    const { columns, values } = step.apply(rowsOf(golden.tables[table]!, one.rows));

    const wide = one.outputs.length / one.rows.length;
    // With more columns than rows scikit-learn keeps a last component without any variance.
    if (name === "pca" && table === "wideClasses" && one.parameters["components"] === 1) expect(columns).toBe(wide - 1);
    else expect(columns).toBe(wide);
    for (let c = 0; c < columns; c++) {
      const ours = one.rows.map((_row, i) => values[i * columns + c]!);
      const theirs = one.rows.map((_row, i) => one.outputs[i * wide + c]!);
      const opposite = name === "pca" && Math.sign(ours[0]!) !== Math.sign(theirs[0]!);
      expect(difference(opposite ? ours.map((value) => -value) : ours, theirs)).toBeLessThan(1e-6);
    }
  });

  it("on at least three tables", () => {
    expect(new Set(cases.map(({ table }) => table)).size).toBeGreaterThanOrEqual(3);
  });
});

describe("F statistics and their chances are scikit-learn's", () => {
  it.each(Object.entries(golden.statistics))("%s", (name, [statistics, chances]) => {
    const ours = fStatistics(inputs.get(name)!);
    statistics.forEach((theirs, c) => {
      expect(Math.abs(ours.statistics[c]! - theirs)).toBeLessThan(1e-6 * Math.max(1, theirs));
      expect(Math.abs(fSurvival(ours.statistics[c]!, ours.freedom) / chances[c]! - 1)).toBeLessThan(1e-6);
    });
  });
});
