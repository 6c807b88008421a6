/** A case of the trainer's bench: what is measured in rounds, ours and the references in turn, and becomes rows of the table. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import type { BenchRow } from "../row.ts";

export interface Scene {
  readonly rounds: number;
  /** For files; removed at the end. */
  readonly directory: string;
}

export interface Case {
  /** By which it can be chosen. */
  readonly name: string;
  readonly measure: (scene: Scene) => BenchRow[] | Promise<BenchRow[]>;
}

/** Runs a script of this folder in a new Node.js process. @returns what it prints, as JSON */
export function runOurs<T>(script: string, task: object): T {
  const args = [path.join(import.meta.dirname, script), JSON.stringify(task)];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }),
  ) as T;
}

/** Takes each measurement once a round, one after the other. @returns by name, one result a round */
export async function interleaved<K extends string, T>(
  rounds: number,
  measurements: Readonly<Record<K, () => T | Promise<T>>>,
): Promise<Record<K, T[]>> {
  const names = Object.keys(measurements) as K[];
  const results = Object.fromEntries(names.map((name): [K, T[]] => [name, []])) as Record<K, T[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) results[name].push(await measurements[name]());
  return results;
}

/** Medians of both, and the ratio of the medians with the range of the rounds' own ratios. */
export function compared(
  ours: readonly number[],
  reference: readonly number[],
): Pick<BenchRow, "ours" | "reference" | "ratio" | "range"> {
  const [mine, theirs] = [median(ours), median(reference)];
  const ratios = ours.map((value, round) => value / reference[round]!);
  const range = [Math.min(...ratios), Math.max(...ratios)] as const;
  return { ours: mine, reference: theirs, ratio: mine / theirs, ...(ratios.length > 1 ? { range } : {}) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const thousands = (count: number): string => count.toLocaleString("en-US");
