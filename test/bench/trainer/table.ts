/**
 * The trainer's table: how fast and how big it is beside scikit-learn, LightGBM and pandas. The cases stand in the order of the
 * table in docs/benchmarks.md; words choose those whose names contain them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Asked, BenchRow } from "../row.ts";
import type { Case } from "./case.ts";
import { boostingCases, forestCases } from "./growing.ts";
import { modelCases } from "./predicting.ts";
import { NoPythonError } from "./python.ts";
import { readingCase } from "./reading.ts";
import { processCases } from "./whole-process.ts";

const cases: readonly Case[] = [...forestCases, ...boostingCases, ...modelCases, readingCase, ...processCases];

export async function* run({ words, rounds = 5 }: Asked): AsyncGenerator<BenchRow> {
  const chosen = cases.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word.toLowerCase())));
  if (chosen.length === 0)
    throw new Error(`no row has these words; there are\n${cases.map(({ name }) => name).join("\n")}`);
  const directory = mkdtempSync(path.join(tmpdir(), "traintask-bench-"));
  try {
    for (const { name, measure } of chosen) {
      try {
        yield* await measure({ directory, rounds });
      } catch (error) {
        if (!(error instanceof NoPythonError)) throw error;
        yield { name, ours: NaN, reference: NaN, ratio: NaN, unit: "", note: `not measured: ${error.message}` };
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}
