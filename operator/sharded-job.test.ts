import { expect, test } from "vitest";
import { aTrainTask } from "../test/builders/objects.ts";
import type { Overrides } from "../test/builders/objects.ts";
import { env } from "../traintask/contract.ts";
import { labels } from "../traintask/names.ts";
import type { TrainTask } from "../traintask/task.ts";
import { buildJob } from "./job.ts";
import { projectTask } from "./project.ts";

const settings = { apiUrl: "http://127.0.0.1:5000", ca: "", trainerImage: "traintask-trainer", maxModelBytes: 1000 };

function jobOf(overrides: Overrides<TrainTask> = {}) {
  const { spec } = buildJob(projectTask(aTrainTask(overrides)), 2, settings);
  const main = spec?.template.spec?.containers[0];
  return { spec, main, environment: Object.fromEntries((main?.env ?? []).map(({ name, value }) => [name, value])) };
}

test("a task of one shard is a plain Job of one pod", () => {
  const { spec, environment } = jobOf();
  expect(spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 3 });
  for (const field of ["completionMode", "backoffLimitPerIndex", "maxFailedIndexes"])
    expect(spec).not.toHaveProperty(field);
  expect(environment).toMatchObject({ [env.shard]: "0", [env.shards]: "1" });
});

test("with shards it has a pod for each, with retries of its own, and one that uses them up is the end", () => {
  const { spec, main } = jobOf({ spec: { shards: 4, backoffLimit: 3 }, status: { retries: 1 } });
  expect(spec).toMatchObject({
    completionMode: "Indexed",
    completions: 4,
    parallelism: 4,
    backoffLimitPerIndex: 2,
    maxFailedIndexes: 0,
    podReplacementPolicy: "Failed",
  });
  expect(spec).not.toHaveProperty("backoffLimit");
  expect(main?.env).toContainEqual({ name: env.shards, value: "4" });
  expect(main?.env?.filter(({ name }) => name === env.shard)).toEqual([
    { name: env.shard, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${labels.completionIndex}']` } } },
  ]);
});

test("retries of a shard that earlier attempts used up are not given again", () => {
  expect(jobOf({ spec: { shards: 2 }, status: { retries: 9 } }).spec?.backoffLimitPerIndex).toBe(0);
});
