/** Rows of the search's table out of searches on data sets: held-out scores, CPU time and failed evaluations. */
import type { BenchRow } from "../row.ts";
import { compared, median } from "../trainer/case.ts";
import type { OurSearch } from "./ours.ts";
import type { TpotSearch } from "./tpot.ts";

/** One split: both searched on the same rows, and were scored on the same others. */
export interface Compared {
  readonly name: string;
  readonly classes: boolean;
  readonly ours: Pick<OurSearch, "cpuSeconds" | "evaluations" | "failed"> & { readonly score: number };
  readonly theirs: TpotSearch & { readonly score: number };
}

/** The splits of one data set. */
export function rowsOfSet(name: string, splits: readonly Compared[]): BenchRow[] {
  const [ours, theirs] = [splits.map((split) => split.ours.score), splits.map((split) => split.theirs.score)];
  const cpu = compared(...cpuOf(splits));
  const loads = splits.flatMap((split) => split.theirs.load);
  return [
    {
      name: `held-out ${splits[0]!.classes ? "accuracy" : "R2"} on ${name}, and the difference in standard errors`,
      unit: "",
      ours: mean(ours),
      reference: mean(theirs),
      ratio: standardErrors(ours, theirs),
      goal: -2,
      better: "more",
      note: `${splits.length} splits: ${listed(ours)}; TPOT ${listed(theirs)}`,
    },
    {
      name: `CPU on ${name} / TPOT's`,
      unit: "s CPU",
      ...cpu,
      goal: 0.5,
      note: `TPOT's recorded at load ${Math.min(...loads)} to ${Math.max(...loads)}`,
    },
  ];
}

/** All splits of all data sets. */
export function rowsOfAll(names: readonly string[], all: readonly Compared[]): BenchRow[] {
  const ranks = all.map(({ ours, theirs }) => 1.5 - Math.sign(ours.score - theirs.score) / 2);
  const medians = names.map((name) => compared(...cpuOf(all.filter((one) => one.name === name))));
  const failedOf = ({ failed }: OurSearch | Compared["ours"]): number =>
    Object.values(failed).reduce((sum, count) => sum + count, 0);
  const share = (failed: number[], evaluations: number[]): number => (100 * total(failed)) / total(evaluations);
  const ours = share(
    all.map((one) => failedOf(one.ours)),
    all.map((one) => one.ours.evaluations),
  );
  const theirs = share(
    all.map((one) => one.theirs.failed),
    all.map((one) => one.theirs.evaluations),
  );
  const rank = mean(ranks);
  const median8 = medians.toSorted((a, b) => a.ratio - b.ratio)[medians.length >> 1]!;
  return [
    {
      name: "mean rank on the held-out rows / TPOT's",
      unit: "",
      ours: rank,
      reference: 3 - rank,
      ratio: rank / (3 - rank),
      goal: 1,
      note: `${all.length} splits of ${names.length} data sets; 1 is better, equals have 1.5`,
    },
    {
      name: "CPU / TPOT's, median of the data sets",
      unit: "s CPU",
      ours: median8.ours,
      reference: median8.reference,
      ratio: median(medians.map(({ ratio }) => ratio)),
      goal: 0.2,
    },
    {
      name: "evaluations that failed / TPOT's",
      unit: "%",
      ours,
      reference: theirs,
      ratio: ours / theirs,
      goal: 1,
      note: causes(all),
    },
  ];
}

function cpuOf(splits: readonly Compared[]): [ours: number[], theirs: number[]] {
  return [splits.map(({ ours }) => ours.cpuSeconds), splits.map(({ theirs }) => theirs.cpuSeconds)];
}

/** Of the difference of two means, each of as many values; 0 where they are equal. */
function standardErrors(ours: readonly number[], theirs: readonly number[]): number {
  const difference = mean(ours) - mean(theirs);
  return difference === 0 ? 0 : difference / Math.sqrt((variance(ours) + variance(theirs)) / ours.length);
}

function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return total(values.map((value) => (value - middle) ** 2)) / (values.length - 1);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const listed = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(", ");

function causes(all: readonly Compared[]): string {
  const counts = new Map<string, number>();
  for (const { ours } of all)
    for (const [cause, count] of Object.entries(ours.failed)) counts.set(cause, (counts.get(cause) ?? 0) + count);
  const text = Array.from(counts, ([cause, count]) => `${count} of ${cause}`).join(", ");
  return `ours: ${text === "" ? "none" : text}`;
}
