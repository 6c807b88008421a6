/** As fleet.test.ts and processes.test.ts, for 20 specs on 1, 2 and 4 cores, and for pods that die at moments that are drawn. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { env } from "../../traintask/contract.ts";
import { random } from "../../traintask/random.ts";
import { bundledTrainer, fleet } from "../scripted-fleet.ts";
import { searchConfig } from "./scripted-attempt.ts";

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
let program: string;
beforeAll(async () => {
  program = await bundledTrainer(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const strategies = ["evolution", "random", "halving"] as const;

describe("one model", () => {
  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
  test.each(seeds)(
    "from one core, from two and from four, and from pods that die three times: seed %i",
    async (seed) => {
      const kind = seed % 2 === 0 ? "uniform" : "friedman1";
      const search = { strategy: strategies[seed % 3], generations: 4, populationSize: 10, cv: 3 + (seed % 3) };
      const config = searchConfig(search, { seed, dataset: { synthetic: { kind, rows: 150, columns: 6, seed } } });
      const on = (cores: number) => ({ program, config, shards: 1, environment: { [env.threads]: String(cores) } });
      const begin = performance.now();
      const alone = await fleet(on(1));
      const whole = performance.now() - begin;
      for (const cores of [2, 4]) expect(await fleet(on(cores))).toEqual(alone);
      const generator = random(seed);
      for (const cores of [1, 4]) {
        // A life takes the longer the more of the search is stored: each has a part of what the whole takes.
        const lifetime = (deaths: number): number | undefined => (deaths < 3 ? generator.uniform() * whole : undefined);
        const { deaths, ...end } = await fleet({ ...on(cores), lifetime });
        expect(deaths).toBeLessThanOrEqual(3);
        expect(end).toEqual({ digest: alone.digest, report: alone.report });
      }
    },
  );
});
