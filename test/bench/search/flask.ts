/** The Flask program's task: ten generations of twenty pipelines on fifty rows of chance, two columns, for the squared error. */
import path from "node:path";
import type { BenchRow } from "../row.ts";
import { compared, median } from "../trainer/case.ts";
import { NoPythonError } from "../trainer/python.ts";
import { searchOurs } from "./ours.ts";
import { measureFlask, recorded, type TpotSearch, type Used } from "./tpot.ts";

const seeds = [42, 43, 44];
const goalSeconds = 4;
const goalMB = 250;

/** A round for each seed: ours, then TPOT. Where TPOT is not to be had, what is recorded of it. */
export async function flaskRows(directory: string): Promise<BenchRow[]> {
  const train = path.join(import.meta.dirname, "flask.csv");
  const ours: Used[] = [];
  const theirs: TpotSearch[] = [];
  for (const seed of seeds) {
    ours.push(await searchOurs(directory, { train, seed, classes: false, generations: 10 }));
    theirs.push(flaskOfTpot(seed));
  }
  const each = (of: readonly Used[], field: keyof Used): number[] => of.map((used) => used[field]);
  const against = (
    values: readonly number[],
    goal: number,
  ): Pick<BenchRow, "ours" | "reference" | "ratio" | "range" | "goal"> => ({
    ...compared(
      values,
      values.map(() => goal),
    ),
    goal: 1,
  });
  const wall = median(each(theirs, "wallSeconds"));
  const peak = median(each(theirs, "peakBytes")) / 1e6;
  return [
    {
      name: "CPU of the Flask program's task / TPOT's",
      unit: "s CPU",
      ...compared(each(ours, "cpuSeconds"), each(theirs, "cpuSeconds")),
      goal: 0.1,
      note: `${seeds.length} seeds, whole processes with their children`,
    },
    {
      name: `wall of the same / ${goalSeconds} s`,
      unit: "s",
      ...against(each(ours, "wallSeconds"), goalSeconds),
      note: `TPOT: ${wall.toFixed(1)} s`,
    },
    {
      name: `peak memory of the same / ${goalMB} MB`,
      unit: "MB",
      ...against(
        each(ours, "peakBytes").map((bytes) => bytes / 1e6),
        goalMB,
      ),
      note: `all processes together; TPOT: ${peak.toFixed(0)} MB`,
    },
  ];
}

function flaskOfTpot(seed: number): TpotSearch {
  try {
    return measureFlask(seed);
  } catch (error) {
    if (!(error instanceof NoPythonError)) throw error;
    const known = recorded().searches.find((one) => one.name === "flask" && one.seed === seed);
    if (known === undefined) throw error;
    return known;
  }
}
