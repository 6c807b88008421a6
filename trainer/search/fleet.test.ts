/** Real pods: one model and one report for a search that one pod makes and for one that dies three times on the way. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { env } from "../../traintask/contract.ts";
import { random } from "../../traintask/random.ts";
import { bundledTrainer, fleet, type FleetChunk } from "../scripted-fleet.ts";
import { searchConfig } from "./scripted-attempt.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
let program: string;
beforeAll(async () => {
  program = await bundledTrainer(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

type Fate = Omit<FleetChunk, "shard" | "deaths">;
const at = (moment: Fate["moment"], stream: string, last = false): Fate => ({ moment, stream, last });
/** Each life ends at one of these turns; all of them come, however many chunks the trials take on this machine. */
const fates: readonly (readonly Fate[])[] = [
  [at("before", "trials"), at("after", "trials"), at("before", "trials", true)],
  [at("after", "trials", true), at("before", "model")],
  [at("after", "model"), at("before", "model", true), at("after", "model", true), at("before", "report")],
];

const strategies = ["evolution", "random", "halving"] as const;

describe("one model", () => {
  test.each([1, 2, 3])(
    "from a search and from one that dies three times, on one core or two: seed %i",
    async (seed) => {
      const kind = seed % 2 === 0 ? "uniform" : "friedman1";
      const search = { strategy: strategies[seed % 3], generations: 2, populationSize: 6, cv: 3, preset: "light" };
      const config = searchConfig(search, { seed, dataset: { synthetic: { kind, rows: 60, columns: 5, seed } } });
      const alone = await fleet({ program, config, shards: 1, environment: { [env.threads]: "1" } });
      expect(alone.deaths).toBe(0);
      const generator = random(seed);
      const chosen = fates.map((turns) => turns[generator.below(turns.length)]!);
      const dies = ({ deaths, ...chunk }: FleetChunk): boolean => {
        const fate = chosen[deaths];
        return (
          fate !== undefined && JSON.stringify(fate) === JSON.stringify(at(chunk.moment, chunk.stream, chunk.last))
        );
      };
      const killed = await fleet({ program, config, shards: 1, dies, environment: { [env.threads]: "2" } });
      expect(killed).toEqual({ ...alone, deaths: 3 });
    },
  );
});
