import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../kube/clock.ts";
import { readAddTask } from "./add-task.ts";
import { ConfigurationError } from "./configuration.ts";

const machine = { clock: systemClock, log: pino({ enabled: false }) };
const spec = "trainer: {randomForest: {}}, dataset: {synthetic: {kind: uniform}}";

describe("the task file that GET /AddTask submits", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "traintask-add-task-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string): unknown => {
    const file = path.join(folder, "task.yaml");
    writeFileSync(file, text);
    return readAddTask(file, machine);
  };

  it("is taken as it stands, with a name, a generateName or neither", () => {
    for (const metadata of ["{}", "{name: a}", "{generateName: a-, namespace: team}"])
      expect(read(`metadata: ${metadata}\nspec: {${spec}}`)).toMatchObject({
        spec: { dataset: { synthetic: { kind: "uniform" } } },
      });
  });

  const mistakes: Record<string, { text: string; says: string }> = {
    "no YAML": { text: "a: [", says: "at line 1, column 5" },
    "no object": { text: "hello", says: "it holds no TrainTask" },
    "another kind": { text: `kind: TrainQueue\nspec: {maxRunning: 1}`, says: "it holds no TrainTask" },
    "a field that does not exist": { text: `spec: {${spec}, sed: 4}`, says: 'unknown field "spec.sed"' },
    "a value of the wrong type": { text: `spec: {${spec}, seed: four}`, says: "spec.seed" },
    "what a rule of the resource forbids": {
      text: "spec: {trainer: {}, dataset: {synthetic: {kind: uniform}}}",
      says: "spec.trainer",
    },
  };
  for (const [name, { text, says }] of Object.entries(mistakes))
    it(`is refused with one sentence when it holds ${name}`, () => {
      const refused = expect(() => read(text));
      refused.toThrow(ConfigurationError);
      expect(() => read(text)).toThrow(`--add-task ${path.join(folder, "task.yaml")} cannot be used: `);
      expect(() => read(text)).toThrow(says);
      expect(() => read(text)).not.toThrow("\n");
    });

  it("is named when it is not there", () => {
    const file = path.join(folder, "nope.yaml");
    expect(() => readAddTask(file, machine)).toThrow(`no such file or directory, open '${file}'`);
  });
});
