/**
 * Growing a forest against scikit-learn on the same data: CPU time of the fit alone, one thread, binning and writing the lines
 * included. Ours is cold, the first fit of a new Node process; Python is warmed by a small fit. Both read the table from
 * one file of float64. scikit-learn comes from PyPI into .cache/venv, made on the first run.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { friedman } from "../builders/forest.ts";
import type { BenchRow } from "./row.ts";

const root = path.resolve(import.meta.dirname, "../..");
const python = path.join(root, ".cache/venv/bin/python");
const trees = 100;

/** Rounds are interleaved, ours and theirs in turn; the median counts. */
const sizes = [
  { rows: 1000, columns: 10, rounds: 5 },
  { rows: 5000, columns: 20, rounds: 3 },
  { rows: 20_000, columns: 20, rounds: 1 },
];

interface Fit {
  readonly cpuSeconds: number;
  readonly score: number;
}

export async function run(): Promise<BenchRow[]> {
  if (!madeVenv()) {
    const note = "not measured: python3 with venv and pip is not on this machine";
    return [{ name: "forest fit / scikit-learn's", ours: NaN, reference: NaN, unit: "s CPU", ratio: NaN, note }];
  }
  const directory = mkdtempSync(path.join(tmpdir(), "traintask-bench-"));
  try {
    return sizes.flatMap((size) =>
      ["regression", "classification"].flatMap((problem) =>
        ["all", "sqrt"].map((maxFeatures) => measure({ ...size, problem, maxFeatures, directory })),
      ),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Measurement {
  readonly rows: number;
  readonly columns: number;
  readonly rounds: number;
  readonly problem: string;
  readonly maxFeatures: string;
  readonly directory: string;
}

function measure({ rows, columns, rounds, problem, maxFeatures, directory }: Measurement): BenchRow {
  const file = path.join(directory, "table");
  writeFileSync(file, tableBytes({ rows, columns, problem }));
  const task = [file, rows, columns, problem, maxFeatures, trees].map(String);
  const ours: Fit[] = [];
  const theirs: Fit[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(fit(process.execPath, ["forest-fit.ts", ...task]));
    theirs.push(fit(python, ["forest_fit.py", ...task]));
  }
  const cpu = (fits: readonly Fit[]): number =>
    fits.map((one) => one.cpuSeconds).toSorted((a, b) => a - b)[rounds >> 1]!;
  const name = `${problem}, ${rows} x ${columns}, maxFeatures ${maxFeatures}, ${trees} trees`;
  const note = `out-of-bag ${ours[0]!.score.toFixed(3)}, theirs ${theirs[0]!.score.toFixed(3)}`;
  return { name, ours: cpu(ours), reference: cpu(theirs), unit: "s CPU", ratio: cpu(ours) / cpu(theirs), note };
}

function fit(command: string, args: readonly string[]): Fit {
  const environment = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", ...process.env };
  return JSON.parse(
    execFileSync(command, args, {
      cwd: import.meta.dirname,
      encoding: "utf8",
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  ) as Fit;
}

/** Friedman's first problem, column after column, then the target: a number, or whether it is above the median. */
function tableBytes({ rows, columns, problem }: { rows: number; columns: number; problem: string }): Float64Array {
  const { columns: all, target } = friedman({ rows, columns, noise: 1 });
  const table = new Float64Array(rows * (columns + 1));
  all.forEach((column, c) => table.set(column.type === "number" ? column.values : [], c * rows));
  const y = target.problemType === "regression" ? target.values : new Float64Array(0);
  const median = y.toSorted()[rows >> 1]!;
  table.set(problem === "regression" ? y : y.map((value) => (value > median ? 1 : 0)), columns * rows);
  return table;
}

function madeVenv(): boolean {
  if (existsSync(python)) return true;
  try {
    execFileSync("python3", ["-m", "venv", path.join(root, ".cache/venv")], { stdio: "inherit" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "scikit-learn"], { stdio: "inherit" });
    return true;
  } catch {
    return false;
  }
}
