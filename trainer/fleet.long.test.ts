/** As fleet.test.ts, for 50 seeds, forests of several chunks, and deaths at chunks that are drawn. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../traintask/random.ts";
import { bundledTrainer, fleet, type FleetChunk } from "./scripted-fleet.ts";
import { podConfig } from "./scripted-run.ts";

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
let program: string;
beforeAll(async () => {
  program = await bundledTrainer(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("one model", () => {
  const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
  test.each(seeds)("from one pod, from eight that die five times, and from one that does: seed %i", async (seed) => {
    const kind = seed % 2 === 0 ? "uniform" : "friedman1";
    const dataset = { synthetic: { kind, rows: 3000, columns: 10, seed } };
    const config = podConfig({ seed, nEstimators: 60, dataset });
    const alone = await fleet({ program, config, shards: 1 });
    for (const shards of [1, 8]) {
      const generator = random(seed, shards);
      const most = 5;
      let left = most;
      // The first death at one of the first two chunks, for a pod's life may have no more; then at one in three.
      let spared = generator.below(2);
      const isDrawn = (): boolean => (left === most ? spared-- === 0 : generator.below(3) === 0);
      const dies = ({ moment }: FleetChunk): boolean =>
        moment === (seed % 4 < 2 ? "before" : "after") && left > 0 && isDrawn() && left-- > 0;
      const { deaths, ...end } = await fleet({ program, config, shards, dies });
      expect(deaths).toBeGreaterThan(0);
      expect(end).toEqual({ digest: alone.digest, report: alone.report });
    }
  });
});
