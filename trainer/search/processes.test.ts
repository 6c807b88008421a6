/** One model and one report, however many processes try pipelines, and in whatever order the trials end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock, type TrainerClock } from "../clock.ts";
import { operators } from "../operators/table.ts";
import { bundledTrainer } from "../scripted-fleet.ts";
import { trialPool } from "./pool.ts";
import { readHere } from "./reading.ts";
import { searchConfig } from "./scripted-attempt.ts";
import { searchStrategy } from "./searcher.ts";
import { Session } from "./session.ts";
import { TrialProcess } from "./trial-process.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
const program = pathToFileURL(path.join(folder, "trainer-search-trial-child.mjs"));
beforeAll(() => bundledTrainer(folder), 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Whatever waits is worth a process at once. */
const eager: TrainerClock = {
  ...systemClock,
  sleep: async (ms, signal) => (ms === 200 ? undefined : systemClock.sleep(ms, signal)),
};
const limits = { timeMs: 3_600_000, memoryBytes: 2 ** 30 };

interface Found {
  readonly lines: string[];
  readonly report: object;
  readonly processes: number;
}

async function found(config: ReturnType<typeof searchConfig>, processes: number): Promise<Found> {
  const spec = config.trainer.search!;
  const table = await readHere({ config, spec, access: {} });
  let started = 0;
  const start = (): TrialProcess => {
    started += 1;
    return new TrialProcess({ data: table.data, fitBytes: 2 ** 28, cacheBytes: 2 ** 24, limits, program }, systemClock);
  };
  const pool = trialPool({ start, processes, clock: eager });
  try {
    const strategy = searchStrategy(table, { spec, operators });
    const session = new Session(
      { table, spec, operators, strategy, pool, processes },
      {
        clock: systemClock,
        log: () => undefined,
        onSnapshot: () => undefined,
        maxModelBytes: 1e9,
        maxLineBytes: 1e9,
        stop: new AbortController().signal,
      },
    );
    const end = await session.search({ stored: [], done: false, store: async () => undefined });
    const kept = await session.best(end);
    return { lines: session.lines(kept), report: session.report(end, kept), processes: started };
  } finally {
    pool.close();
  }
}

const light = { generations: 2, populationSize: 6, cv: 3, preset: "light" };
const specs: Record<string, ReturnType<typeof searchConfig>> = {
  "evolution over numbers": searchConfig(light),
  "evolution over classes": searchConfig(light, {
    seed: 2,
    dataset: { synthetic: { kind: "uniform", rows: 60, columns: 4 } },
  }),
  "halving over ensembles": searchConfig(
    { ...light, preset: "default", strategy: "halving", operators: ["extraTrees", "ridge", "pca"] },
    { seed: 3 },
  ),
};

describe("one, two and four processes", () => {
  test.each(Object.entries(specs))("find the same: %s", async (_, config) => {
    const one = await found(config, 1);
    expect(one.processes).toBe(1);
    for (const processes of [2, 4]) expect(await found(config, processes)).toEqual({ ...one, processes });
  });
});
