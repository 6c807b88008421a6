/** From a table to what a search works on: rows as its trials see them, and what the header of its model says of them. */
import type { TableColumn } from "../../data/column.ts";
import { missingCode } from "../../data/column.ts";
import { splitRows } from "../../data/split.ts";
import type { Table } from "../../data/table.ts";
import type { Target as TableTarget } from "../../data/target.ts";
import { formatVersion, type ModelColumn, type SearchHeaderLine } from "../../model/format.ts";
import type { Matrix } from "../../model/steps/step.ts";
import type { PodConfig } from "../../traintask/pod-config.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import type { InputColumn } from "../operators/input.ts";
import type { Target } from "../operators/operator.ts";
import { specDigest } from "../spec-digest.ts";
import { splitWarnings } from "../split-warnings.ts";
import { folds } from "./folds.ts";
import { defaultScorer } from "./scorers.ts";
import type { TrialData } from "./trial-data.ts";

/** Name and version of the code that searches: another version may find another model. */
export const grower = "traintask-search/1";

/** Plain values: they cross from the thread that reads. */
export interface SearchTable {
  readonly header: Omit<SearchHeaderLine, "search">;
  readonly data: TrialData;
  readonly rows: { readonly train: number; readonly test: number };
  readonly warnings: readonly string[];
}

/** @throws ConfigurationError where there are fewer rows to train on than folds; DataError where there are none */
export function searchTable(table: Table, { config, spec }: { config: PodConfig; spec: SearchSpec }): SearchTable {
  const { seed, dataset } = config;
  const split = splitRows(table.target, { testFraction: dataset.testFraction, seed });
  const target = operatorTarget(table.target, split.train);
  const { problemType } = table.target;
  const data: TrialData = {
    x: rawMatrix(table.columns, split.train),
    input: table.columns.map(inputColumn),
    target,
    folds: folds(target, { cv: spec.cv, seed }),
    scorer: spec.scoring ?? defaultScorer(problemType),
    seed,
    ...(split.test.length === 0
      ? {}
      : { heldOut: { x: rawMatrix(table.columns, split.test), target: targetOf(table.target, split.test) } }),
  };
  return {
    header: {
      kind: "header",
      version: formatVersion,
      trainer: "search",
      grower,
      data: table.digest,
      spec: specDigest(config),
      problemType,
      target: table.target.name,
      ...(table.target.problemType === "classification" ? { classes: table.target.classes } : {}),
      columns: table.columns.map((column) => modelColumn(column, split.train)),
      rows: split.train.length,
    },
    data,
    rows: { train: split.train.length, test: split.test.length },
    warnings: [...table.warnings, ...splitWarnings(split, dataset.testFraction)],
  };
}

/** Row by row: numbers as they are, categories as their code, NaN where a value is missing. */
function rawMatrix(columns: readonly TableColumn[], rows: Uint32Array): Matrix {
  const values = new Float64Array(rows.length * columns.length);
  columns.forEach((column, index) => {
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!;
      const at = place * columns.length + index;
      if (column.type === "number") values[at] = column.values[row]!;
      else values[at] = column.codes[row] === missingCode ? NaN : column.codes[row]!;
    }
  });
  return { rows: rows.length, columns: columns.length, values };
}

function inputColumn(column: TableColumn): InputColumn {
  if (column.type === "number") return { type: "number" };
  return { type: "category", categories: column.categories.length };
}

function modelColumn(column: TableColumn, rows: Uint32Array): ModelColumn {
  const { name } = column;
  if (column.type === "number") {
    const isMissing = rows.some((row) => Number.isNaN(column.values[row]));
    return { name, type: "number", ...(isMissing ? { missing: true } : {}), edges: [] };
  }
  const isMissing = rows.some((row) => column.codes[row] === missingCode);
  return { name, type: "category", ...(isMissing ? { missing: true } : {}), categories: column.categories };
}

function operatorTarget(target: TableTarget, rows: Uint32Array): Target {
  if (target.problemType === "regression")
    return { problemType: "regression", values: Float64Array.from(rows, (row) => target.values[row]!) };
  const codes = Int32Array.from(rows, (row) => target.codes[row]!);
  return { problemType: "classification", codes, classes: target.classes.length };
}

function targetOf(target: TableTarget, rows: Uint32Array): TableTarget {
  if (target.problemType === "regression")
    return { ...target, values: Float64Array.from(rows, (row) => target.values[row]!) };
  return { ...target, codes: Uint16Array.from(rows, (row) => target.codes[row]!) };
}
