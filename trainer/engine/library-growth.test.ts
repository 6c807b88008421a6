/** The whole training with the engine for small data: a pod's run, but for the network. */
import { expect, test, vi } from "vitest";
import { DataError } from "../../data/error.ts";
import { readModel } from "../../model/predict.ts";
import { podConfigSchema } from "../../traintask/pod-config.ts";
import { ConfigurationError } from "../errors.ts";
import type { Grower } from "../grower.ts";
import type { Report } from "../report.ts";
import { trainingRequest } from "../request.ts";
import { training } from "../training.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function grower({ randomForest = {}, dataset = {} }: { randomForest?: object; dataset?: object } = {}): Grower {
  const config = podConfigSchema.parse({
    trainer: { randomForest: { engine: "ml-random-forest", nEstimators: 6, ...randomForest } },
    dataset: { synthetic: { kind: "friedman1", rows: 80, columns: 5 }, testFraction: "0.25", ...dataset },
    seed: 2,
    maxModelBytes: 1 << 30,
  });
  return training(trainingRequest(config), { openDataset: () => [] });
}

async function trained(resumeAfter: number): Promise<{ lines: string[]; report: string }> {
  await using first = grower();
  const { header, total, indices } = await first.prepare();
  expect(indices).toHaveLength(total);
  const lines = [header];
  for (const index of indices.slice(0, resumeAfter)) lines.push((await first.grow(index))!.text);
  await using second = grower();
  await second.prepare();
  for (const line of lines.slice(1)) await second.add(line);
  const growing = indices.slice(resumeAfter).map((index) => second.grow(index));
  for (const grown of growing) lines.push((await grown)!.text);
  return { lines, report: await second.report() };
}

test("a forest of the engine has one model and one report, stopped and gone on anywhere", async () => {
  const whole = await trained(0);
  expect(await trained(4)).toEqual(whole);
  const model = await readModel(whole.lines);
  expect(model.header.grower).toMatch(/^ml-random-forest\/2\.1\.0/);
  expect(model.trees).toBe(6);
  const report = JSON.parse(whole.report) as Report;
  expect(report.trees).toEqual({ grown: 6, asked: 6 });
  expect(report.heldOut?.metrics[0]).toMatchObject({ name: "r2" });
  expect(report.heldOut!.metrics[0]!.value).toBeGreaterThan(0.4);
  expect(report.outOfBag!.rows).toBeGreaterThan(40);
  expect(report.permutationImportances).toMatchObject({ rows: 20, of: 20 });
});

test("what the engine cannot do is refused while the data is read, by field or by row", async () => {
  await expect(grower({ randomForest: { maxFeatures: "sqrt" } }).prepare()).rejects.toThrow(ConfigurationError);
  await expect(grower({ randomForest: { maxSamples: "500" } }).prepare()).rejects.toThrow(
    /^spec\.trainer\.randomForest\.maxSamples: /,
  );
  const csv = `x,y\n${Array.from({ length: 20 }, (_, row) => `${row === 7 ? "" : row},${row * 1.5}`).join("\n")}\n`;
  const incomplete = { synthetic: undefined, csv, target: "y", testFraction: "0" };
  await expect(grower({ dataset: incomplete }).prepare()).rejects.toThrow(DataError);
  await expect(grower({ dataset: incomplete }).prepare()).rejects.toThrow(/^row 8, column "x": /);
});
