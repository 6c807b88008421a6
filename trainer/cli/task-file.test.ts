import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigurationError } from "../errors.ts";
import { readTaskFile } from "./task-file.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), "traintask-file-"))));
afterEach(() => rmSync(directory, { recursive: true }));

function read(text: string): ReturnType<typeof readTaskFile> {
  const file = path.join(directory, "task.yaml");
  writeFileSync(file, text);
  return readTaskFile(file);
}
const task = (spec: string): string => `apiVersion: traintask.dev/v1alpha1\nkind: TrainTask\nspec: ${spec}\n`;
const data = "dataset: {synthetic: {}}";

describe("readTaskFile", () => {
  test("answers what a pod would be told, defaults applied", async () => {
    expect(await read(task(`{trainer: {randomForest: {}}, ${data}}`))).toMatchObject({
      trainer: { randomForest: { nEstimators: 100 } },
      dataset: { synthetic: { kind: "uniform", rows: 50 }, testFraction: "0" },
      seed: 0,
    });
  });

  test("takes fields of the task that only matter in a cluster", async () => {
    await read(
      task(`{trainer: {randomForest: {}}, ${data}, queue: fast, priority: 5, resources: {limits: {memory: 1Gi}}}`),
    );
  });

  const bad: Record<string, { text: string; message: RegExp }> = {
    "what is no YAML": { text: "a: [", message: /task\.yaml is not YAML/ },
    "several documents": { text: "a: 1\n---\nb: 2\n", message: /task\.yaml is not YAML/ },
    "an empty file": { text: "", message: /is not a TrainTask of traintask\.dev\/v1alpha1/ },
    "another kind": { text: "apiVersion: v1\nkind: Pod\n", message: /is not a TrainTask/ },
    "a task without spec": {
      text: "apiVersion: traintask.dev/v1alpha1\nkind: TrainTask\n",
      message: /spec is missing/,
    },
    "a task without data": { text: task("{trainer: {randomForest: {}}}"), message: /spec\.dataset is missing/ },
    "an unknown field": {
      text: task(`{trainer: {randomForest: {nEstimator: 5}}, ${data}}`),
      message: /unknown field spec\.trainer\.randomForest\.nEstimator\./,
    },
    "an unknown field in a list": {
      text: task(
        "{trainer: {randomForest: {}}, dataset: {synthetic: {}, columns: [{name: x, type: number, unit: cm}]}}",
      ),
      message: /unknown field spec\.dataset\.columns\[0\]\.unit\./,
    },
    "a wrong type": {
      text: task(`{trainer: {randomForest: {nEstimators: many}}, ${data}}`),
      message: /trainer\.randomForest\.nEstimators: /,
    },
  };
  test.each(Object.entries(bad))("refuses %s", async (_, { text, message }) => {
    const error: unknown = await read(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toMatch(message);
  });

  test("refuses a file that is not there", async () => {
    await expect(readTaskFile("/no/task.yaml")).rejects.toThrow(/^\/no\/task\.yaml cannot be read/);
  });

  test("refuses aliases that would fill the memory", async () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    await expect(read(`l0: &l0 [x]\n${levels.join("\n")}\n`)).rejects.toThrow(ConfigurationError);
  });
});
