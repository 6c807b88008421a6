/** Real pods: one digest for a model that one of them grows, that eight share, and that dies five times on the way. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundledTrainer, fleet, type FleetChunk } from "./scripted-fleet.ts";
import { podConfig } from "./scripted-run.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(path.join(tmpdir(), "traintask-bundle-"));
let program: string;
beforeAll(async () => {
  program = await bundledTrainer(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** One death at each turn of a pod's life, however many chunks its model takes on this machine. */
const fates: ((chunk: FleetChunk) => boolean)[] = [
  ({ moment, stream }) => stream === "model" && moment === "before",
  ({ moment, stream }) => stream === "model" && moment === "after",
  ({ moment, stream, last }) => stream === "model" && last && moment === "before",
  ({ moment, stream, last }) => stream === "model" && last && moment === "after",
  ({ moment, stream }) => stream === "report" && moment === "before",
];

describe("one model", () => {
  test.each([1, 2, 3])("from one pod, from eight, and from one that dies five times: seed %i", async (seed) => {
    const kind = seed % 2 === 0 ? "uniform" : "friedman1";
    const dataset = { synthetic: { kind, rows: 100, columns: 6, seed } };
    const config = podConfig({ seed, nEstimators: 20, dataset });
    const alone = await fleet({ program, config, shards: 1 });
    expect(alone.deaths).toBe(0);
    expect(await fleet({ program, config, shards: 8 })).toEqual(alone);
    const dies = (chunk: FleetChunk): boolean => fates[chunk.deaths]?.(chunk) ?? false;
    expect(await fleet({ program, config, shards: 1, dies })).toEqual({ ...alone, deaths: 5 });
  });
});
