/**
 * What fit-forest.ts and fit-boosting.ts have in common: one cold fit of ours, the first of its process, from float64 arrays to
 * the lines of a model. Printed are its CPU seconds, those of the process until then, and the score of the model, read
 * back from its lines, on held-out rows.
 */
import { writeFileSync } from "node:fs";
import { formatVersion } from "../../../model/format.ts";
import { readModel } from "../../../model/predict.ts";
import type { ForestColumn, ForestTarget } from "../../../trainer/forest/forest.ts";
import { columnNames, type ReadTable, readTableFile, type TableFile } from "./table-file.ts";

export interface FitTask extends TableFile {
  /** Trees or iterations. */
  readonly rounds: number;
  readonly maxFeatures?: string;
  /** Where to write the model. */
  readonly model?: string;
}

export interface Fit {
  readonly cpuSeconds: number;
  readonly processCpuSeconds: number;
  /** R2 or accuracy on held-out rows. */
  readonly score: number;
}

export interface FitInput {
  readonly columns: readonly ForestColumn[];
  readonly target: ForestTarget;
  readonly rows: Uint32Array;
  readonly seed: number;
}

/** What the header has besides what its grower knows. */
const noDigest = `sha256:${"0".repeat(64)}`;
export const commonHeader = {
  kind: "header",
  version: formatVersion,
  data: noDigest,
  spec: noDigest,
  target: "y",
} as const;

/** Does the task of the command line. */
export async function fitted(fit: (input: FitInput, task: FitTask) => string[]): Promise<void> {
  const task = JSON.parse(process.argv[2]!) as FitTask;
  const table = readTableFile(task);
  const input = inputOf(table, task);
  const before = process.cpuUsage();
  const lines = fit(input, task);
  const used = { cpuSeconds: seconds(process.cpuUsage(before)), processCpuSeconds: seconds(process.cpuUsage()) };
  if (task.model !== undefined) writeFileSync(task.model, lines.map((line) => `${line}\n`).join(""));
  console.log(JSON.stringify({ ...used, score: await score(lines, table, task) } satisfies Fit));
}

function inputOf({ columns, target }: ReadTable, task: FitTask): FitInput {
  const names = columnNames(task.columns);
  return {
    columns: columns.map((values, c) => ({ name: names[c]!, type: "number", values })),
    target:
      task.problem === "regression"
        ? { problemType: "regression", values: target }
        : { problemType: "classification", classes: ["0", "1"], codes: Uint8Array.from(target) },
    rows: Uint32Array.from(target, (_, i) => i),
    seed: 0,
  };
}

async function score(lines: readonly string[], { rows, truth }: ReadTable, { problem }: FitTask): Promise<number> {
  const predictions = (await readModel(lines)).predict(rows);
  if (problem === "classification")
    return predictions.filter((one, row) => "label" in one && Number(one.label) === truth[row]).length / rows.length;
  const mean = truth.reduce((sum, y) => sum + y, 0) / rows.length;
  const errors = predictions.reduce((sum, one, row) => sum + ("value" in one ? (one.value - truth[row]!) ** 2 : 0), 0);
  return 1 - errors / truth.reduce((sum, y) => sum + (y - mean) ** 2, 0);
}

const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;
