/**
 * Fits alone: forests against scikit-learn's, boosting against LightGBM's, HistGradientBoosting's and XGBoost's. CPU time of one
 * thread, from float64 arrays, binning and (ours) writing the lines included; ours is the first fit of a new process.
 */
import type { BenchRow } from "../row.ts";
import { type Case, compared, interleaved, median, runOurs, type Scene, thousands } from "./case.ts";
import type { Fit } from "./fitted.ts";
import { runPython } from "./python.ts";
import { problems, tableFile, type TableFile } from "./table-file.ts";

const trees = 100;

/** Goals for all columns tried at each split, and for their square root. */
const forestSizes: readonly { rows: number; columns: number; goals: { all: number; sqrt: number } }[] = [
  { rows: 1000, columns: 10, goals: { all: 0.7, sqrt: 1 } },
  { rows: 5000, columns: 20, goals: { all: 0.35, sqrt: 0.6 } },
  { rows: 20_000, columns: 20, goals: { all: 0.2, sqrt: 0.35 } },
  { rows: 100_000, columns: 20, goals: { all: 0.2, sqrt: 0.3 } },
];

export const forestCases: readonly Case[] = forestSizes.flatMap(({ rows, columns, goals }) =>
  (["all", "sqrt"] as const).flatMap((maxFeatures) =>
    problems.map((problem) => {
      const name = `forest, ${problem}, ${thousands(rows)} x ${columns}, maxFeatures ${maxFeatures}`;
      const references = [{ name: "scikit-learn", trainer: "forest", goal: goals[maxFeatures] }];
      return contest(name, { table: { rows, columns, problem }, script: "fit-forest.ts", maxFeatures, references });
    }),
  ),
);

const boosters = [
  { name: "LightGBM", trainer: "LightGBM", goal: 1.6 },
  { name: "HistGradientBoosting", trainer: "HistGradientBoosting", goal: 1.5 },
  { name: "XGBoost", trainer: "XGBoost" },
];

export const boostingCases: readonly Case[] = [20_000, 100_000].flatMap((rows) =>
  problems.map((problem) =>
    contest(`boosting, ${problem}, ${thousands(rows)} x 20`, {
      table: { rows, columns: 20, problem },
      script: "fit-boosting.ts",
      references: boosters,
    }),
  ),
);

interface Contest {
  readonly table: Pick<TableFile, "rows" | "columns" | "problem">;
  /** Ours. */
  readonly script: string;
  readonly maxFeatures?: string;
  readonly references: readonly { readonly name: string; readonly trainer: string; readonly goal?: number }[];
}

function contest(name: string, contestants: Contest): Case {
  return { name: [name, ...contestants.references.map((one) => one.name)].join(" / "), measure };

  async function measure({ rounds, directory }: Scene): Promise<BenchRow[]> {
    const { table, script, references, maxFeatures } = contestants;
    const task = { ...tableFile(directory, table), maxFeatures, rounds: trees };
    const fits = await interleaved<string, Fit>(rounds, {
      ours: () => runOurs<Fit>(script, task),
      ...Object.fromEntries(
        references.map((one) => [one.name, () => runPython<Fit>("fit.py", { ...task, trainer: one.trainer })]),
      ),
    });
    const ours = fits["ours"]!;
    return references.map((one) => ({
      name: `${name} / ${one.name}`,
      unit: "s CPU",
      ...compared(cpu(ours), cpu(fits[one.name]!)),
      ...(one.goal === undefined ? {} : { goal: one.goal }),
      note: `${scores(table.problem, ours[0]!, fits[one.name]![0]!)}; ${wholeProcess(ours, fits[one.name]!)}`,
    }));
  }
}

const cpu = (fits: readonly Fit[]): number[] => fits.map(({ cpuSeconds }) => cpuSeconds);

function scores(problem: string, ours: Fit, theirs: Fit): string {
  const far = Math.abs(ours.score - theirs.score) > 0.01 ? " (not within 0.01)" : "";
  return `${problem === "regression" ? "R2" : "accuracy"} ${ours.score.toFixed(3)}, theirs ${theirs.score.toFixed(3)}${far}`;
}

function wholeProcess(ours: readonly Fit[], theirs: readonly Fit[]): string {
  const [mine, reference] = [ours, theirs].map((fits) => median(fits.map((fit) => fit.processCpuSeconds)).toFixed(1));
  return `whole process ${mine} s, theirs ${reference} s`;
}
