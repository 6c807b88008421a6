/** A search of ours as a person starts it at a terminal: `npm run train` on a task file and a table, then `npm run predict`. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fromSource } from "../../../scripts/from-source.ts";
import { apiVersion } from "../../../traintask/names.ts";
import { type Ended, runTree } from "./process-tree.ts";

export interface OurTask {
  readonly classes: boolean;
  readonly generations: number;
  readonly seed: number;
  /** CSV with a column y. */
  readonly train: string;
}

export interface OurSearch extends Ended {
  readonly model: string;
  readonly evaluations: number;
  /** By cause. */
  readonly failed: Readonly<Record<string, number>>;
}

/** As TPOT's (record_tpot.py). */
const limits = { populationSize: 20, cv: 5, maxEvalTimeSeconds: 60 };

/** @throws when it does not end well */
export async function searchOurs(
  directory: string,
  { classes, generations, seed, train }: OurTask,
): Promise<OurSearch> {
  const files = mkdtempSync(path.join(directory, "search-"));
  const [task, model] = [path.join(files, "task.json"), path.join(files, "model.jsonl")];
  const problemType = classes ? "classification" : "regression";
  const spec = { trainer: { search: { generations, ...limits } }, dataset: { target: "y", problemType }, seed };
  writeFileSync(task, JSON.stringify({ apiVersion, kind: "TrainTask", metadata: { name: "bench" }, spec }));
  const ended = await runTree([
    process.execPath,
    ...fromSource("trainer/cli/train.ts"),
    task,
    "--data",
    train,
    "--out",
    model,
  ]);
  if (ended.exitCode !== 0) throw new Error(`the search ended with ${ended.exitCode}: ${ended.printed}`);
  return { ...ended, ...counted(ended.printed), model };
}

/** `220 of 220 evaluations`, `3 of error, 1 of time`. */
function counted(printed: string): Pick<OurSearch, "evaluations" | "failed"> {
  const done = /([0-9]+) of [0-9]+ evaluations/.exec(printed);
  if (done === null) throw new Error(`the trainer does not say how many evaluations it made: ${printed}`);
  const causes = printed.matchAll(/([0-9]+) of (error|time|memory|crash)\b/g);
  return {
    evaluations: Number(done[1]),
    failed: Object.fromEntries(Array.from(causes, ([, count, cause]) => [cause!, Number(count)])),
  };
}

/** Accuracy, or R2, on held-out rows. */
export async function scoreOurs(model: string, test: string, { classes }: { classes: boolean }): Promise<number> {
  const predicted = await runTree([process.execPath, ...fromSource("trainer/cli/predict.ts"), model, test]);
  if (predicted.exitCode !== 0) throw new Error(`predict ended with ${predicted.exitCode}: ${predicted.printed}`);
  const answers = lines(predicted.printed).map((line) => line.split(",")[0]!);
  const truth = lines(readFileSync(test, "utf8")).map((line) => line.split(",").at(-1)!);
  if (answers.length !== truth.length) throw new Error(`${answers.length} answers for ${truth.length} rows`);
  return classes ? accuracy(truth, answers) : r2(truth.map(Number), answers.map(Number));
}

function lines(csv: string): string[] {
  return csv.trim().split(/\r?\n/).slice(1);
}

function accuracy(truth: readonly string[], answers: readonly string[]): number {
  return truth.filter((label, row) => answers[row] === label).length / truth.length;
}

function r2(truth: readonly number[], answers: readonly number[]): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const squares = (of: (row: number) => number): number =>
    truth.reduce((sum, value, row) => sum + (value - of(row)) ** 2, 0);
  return 1 - squares((row) => answers[row]!) / squares(() => mean);
}
