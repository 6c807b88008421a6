/** Whole training pods: start, memory, and what more cores save. */
import { availableParallelism } from "node:os";
import type { BenchRow } from "../row.ts";
import { type Case, compared, interleaved, median, type Scene, thousands } from "./case.ts";
import { livePod, type PodTask } from "./pod.ts";
import { csvFile } from "./table-file.ts";
import { runTimed, type Used } from "./timed.ts";

const volume = { claimName: "tables", path: "rows.csv" };

/** A forest of 100 trees on a file of 20 columns. */
function forestOn(table: string, options: PodTask["config"]["trainer"]["randomForest"]): PodTask {
  return {
    table,
    config: { trainer: { randomForest: { nEstimators: 100, ...options } }, dataset: { volume, target: "y" } },
  };
}

const threadsName = "wall of a training on 100,000 x 20, one core / all";
const threads: Case = {
  name: threadsName,
  async measure({ directory, rounds }: Scene): Promise<BenchRow[]> {
    const task = forestOn(csvFile(directory, 100_000), {});
    const lives = await interleaved(rounds, {
      one: () => livePod(directory, { ...task, cores: 1 }),
      all: () => livePod(directory, task),
    });
    const digests = new Set([...lives.one, ...lives.all].map(({ digest }) => digest));
    const wall = (of: readonly { wallSeconds: number }[]): number[] => of.map(({ wallSeconds }) => wallSeconds);
    const cores = availableParallelism();
    return [
      {
        name: threadsName,
        unit: "s",
        ...compared(wall(lives.one), wall(lives.all)),
        goal: 0.8 * cores,
        better: "more",
        note: `${cores} cores, left one, right all; ${digests.size === 1 ? "the same bytes each time" : "DIFFERENT BYTES"}`,
      },
    ];
  },
};

function memory(rows: number, goalMB: number): Case {
  const name = `peak memory of a training on ${thousands(rows)} x 20 / ${goalMB} MB`;
  return {
    name,
    async measure({ directory, rounds }) {
      // Which columns are tried changes the time alone.
      const task = forestOn(csvFile(directory, rows), { minSamplesLeaf: 5, maxFeatures: "sqrt" });
      const { ours } = await interleaved(rounds, { ours: () => livePod(directory, { ...task, cores: 1 }) });
      const peaks = ours.map(({ peakBytes }) => peakBytes / 1e6);
      const goals = peaks.map(() => goalMB);
      return [{ name, unit: "MB", ...compared(peaks, goals), goal: 1, note: "one core, 100 trees, minSamplesLeaf 5" }];
    },
  };
}

const startName = "CPU time of a start, more than a bare Node.js / 100 ms";
const goalMs = 100;
const start: Case = {
  name: startName,
  async measure({ directory, rounds }) {
    const csv = `x,y\n${Array.from({ length: 20 }, (_, i) => `${i},${i % 7}\n`).join("")}`;
    const dataset = { csv, target: "y", problemType: "regression" } as const;
    const task: PodTask = { config: { trainer: { randomForest: { nEstimators: 1 } }, dataset } };
    await livePod(directory, task);
    // A life takes no time, and its CPU time varies: more rounds than asked for.
    const lives = await interleaved(4 * rounds, {
      ours: () => livePod(directory, { ...task, report: "stored" }),
      training: () => livePod(directory, task),
      bare: () => runTimed([process.execPath, "--eval", "0"]),
    });
    const more = (of: readonly Used[]): number[] =>
      of.map(({ cpuSeconds }, round) => 1000 * (cpuSeconds - lives.bare[round]!.cpuSeconds));
    const ours = more(lives.ours);
    const note = `compiled; it starts, finds that all is stored, and ends; one that trains a tree on 20 rows: ${median(more(lives.training)).toFixed(0)} ms`;
    return [{ name: startName, unit: "ms CPU", ...compared(ours, Array(ours.length).fill(goalMs)), goal: 1, note }];
  },
};

export const processCases: readonly Case[] = [threads, memory(100_000, 200), memory(1_000_000, 700), start];
