/**
 * Reading CSV: ours with all that the trainer does with it (types of columns, checks, the digest of the table) against pandas'
 * C parser, which makes columns of float64 alone.
 */
import { statSync } from "node:fs";
import type { BenchRow } from "../row.ts";
import { type Case, compared, interleaved, runOurs, type Scene, thousands } from "./case.ts";
import { runPython } from "./python.ts";
import { csvFile } from "./table-file.ts";

interface Reading {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly rows: number;
}

const rows = 1_000_000;
const name = `reading a CSV of ${thousands(rows)} x 20 / pandas`;

export const readingCase: Case = {
  name,
  async measure({ directory, rounds }: Scene): Promise<BenchRow[]> {
    const file = csvFile(directory, rows);
    const megabytes = statSync(file).size / 1e6;
    const { ours, theirs } = await interleaved(rounds, {
      ours: () => runOurs<Reading>("read.ts", { file }),
      theirs: () => runPython<Reading>("read.py", { file }),
    });
    if ([...ours, ...theirs].some((one) => one.rows !== rows)) throw new Error("rows were lost");
    const note = `${megabytes.toFixed(0)} MB`;
    return (["cpuSeconds", "wallSeconds"] as const).map((seconds): BenchRow => {
      const speed = (readings: readonly Reading[]): number[] => readings.map((one) => megabytes / one[seconds]);
      const unit = seconds === "cpuSeconds" ? "MB/s CPU" : "MB/s wall";
      return { name, unit, ...compared(speed(ours), speed(theirs)), goal: 0.5, better: "more", note };
    });
  },
};
