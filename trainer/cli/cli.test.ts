/** The two commands as a person runs them, and the model that they leave. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { modelLines } from "../../model/lines.ts";
import { readModel } from "../../model/predict.ts";
import { fromSource } from "../../scripts/from-source.ts";
import {
  aBoostedTree,
  aBoostingHeader,
  aClassBoostingHeader,
  anIteration,
  aThresholdHeader,
  aThresholdTree,
  iterationsWithLosses,
  modelText,
} from "../../test/builders/model.ts";
import { podConfigSchema } from "../../traintask/pod-config.ts";
import { specWithDefaults } from "../../traintask/parse.ts";
import { scriptedApi, sha256 } from "../scripted-api.ts";
import { attempt, merged } from "../scripted-run.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const here = import.meta.dirname;
const iris = path.join(here, "../../examples/01-first-task/task.yaml");
let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), "traintask-cli-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const at = (name: string): string => path.join(directory, name);
function write(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
function run(program: "train" | "predict", ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...fromSource(`trainer/cli/${program}.ts`), ...args],
      { maxBuffer: 1 << 26 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const task = (spec: string): string =>
  `apiVersion: traintask.dev/v1alpha1\nkind: TrainTask\nmetadata: {name: small}\nspec:\n${spec.replace(/^/gm, "  ")}\n`;
const small = (dataset: string): string => task(`trainer: {randomForest: {nEstimators: 3}}\ndataset: ${dataset}`);

describe("npm run train", () => {
  test("writes the very bytes that a pod and the API make of the same task, and shows its report", async () => {
    const { code, stdout, stderr } = await run("train", iris, "--out", at("model.jsonl"));
    expect([code, stderr]).toEqual([0, ""]);
    const { spec } = parse(readFileSync(iris, "utf8")) as { spec: Parameters<typeof specWithDefaults>[0] };
    const api = scriptedApi();
    await attempt(api, { config: podConfigSchema.parse({ ...specWithDefaults(spec), maxModelBytes: 1 << 30 }) });
    const sealed = (await merged(api)).map((line) => `${line}\n`).join("");
    expect(readFileSync(at("model.jsonl"), "utf8")).toBe(sealed);
    expect(stdout).toContain(sha256(sealed));
    // And it shows scores, confusion, curve and importances.
    expect(stdout).toMatch(/^classification of species: 200 trees from 112 rows, 38 held out/);
    expect(stdout).toMatch(/held-out rows \(38 rows\)\n\s+accuracy (0\.9[3-9]|1\.0)/);
    expect(stdout).toMatch(/setosa\s+1[23]\s+0\s+0/);
    expect(stdout).toMatch(/learning curve {2}[▁▂▃▄▅▆▇█]{20}/);
    expect(stdout).toMatch(/importance\n {2}0\.\d{3} {2}petal/);
  });

  test("takes rows from a file in place of the task's own source", async () => {
    const rows = write("rows.csv", "a,b,kind\n1,2,x\n2,1,y\n3,5,x\n4,0,y\n5,6,x\n6,1,y\n");
    const file = write("task.yaml", small("{target: kind}"));
    const { code, stdout, stderr } = await run("train", file, "--data", rows, "--out", at("model.jsonl"));
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^classification of kind: 3 trees from 6 rows/);
    const model = await readModel(modelLines([readFileSync(at("model.jsonl"))]));
    expect(model.columns.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("interrupted, it leaves no file behind", async () => {
    const synthetic = "{kind: friedman1, rows: 20000, columns: 10}";
    const file = write(
      "task.yaml",
      task(`trainer: {randomForest: {nEstimators: 100000}}\ndataset: {synthetic: ${synthetic}}`),
    );
    const child = spawn(process.execPath, [...fromSource("trainer/cli/train.ts"), file, "--out", at("model.jsonl")]);
    const ended = once(child, "exit");
    while (!readdirSync(directory).includes("model.jsonl.unfinished"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect(await ended).toEqual([143, null]);
    expect(readdirSync(directory)).toEqual(["task.yaml"]);
  });

  const failures: Record<string, { file: string | undefined; args?: string[]; code: number; stderr: RegExp }> = {
    "no arguments": { file: undefined, code: 64, stderr: /^Usage: npm run train -- task\.yaml/ },
    "an unknown option": { file: small("{synthetic: {}}"), args: ["--fast"], code: 64, stderr: /--fast[^]*Usage: / },
    "an unknown field": {
      file: task("trainer: {randomForest: {nEstimator: 5}}\ndataset: {synthetic: {}}"),
      code: 64,
      stderr: /unknown field spec\.trainer\.randomForest\.nEstimator\./,
    },
    "data that an API keeps": {
      file: small(`{uri: "traintask://datasets/sha256:${"0".repeat(64)}", target: y}`),
      code: 64,
      stderr: /Give the rows as a file: --data rows\.csv/,
    },
    "a file that is not there": {
      file: small("{target: y}"),
      args: ["--data", "/no/rows.csv"],
      code: 64,
      stderr: /\/no\/rows\.csv/,
    },
    "bad data": {
      file: small('{csv: "x,y\\n1,a\\n", target: y}'),
      code: 65,
      stderr: /^BadData: column "y": Every row has/,
    },
  };
  test.each(Object.entries(failures))(
    "%s: a sentence, an exit code and no file",
    async (_, { file, args, code, stderr }) => {
      const named = file === undefined ? [] : [write("task.yaml", file), "--out", at("model.jsonl")];
      const ended = await run("train", ...named, ...(args ?? []));
      expect(ended.stderr).toMatch(stderr);
      expect(ended.stderr).not.toMatch(/^\s+at /m);
      expect(ended.code).toBe(code);
      expect(readdirSync(directory).filter((name) => name.startsWith("model"))).toEqual([]);
    },
  );
});

describe("npm run predict", () => {
  /** Of irises, trained once. */
  let trained: string | undefined;
  const model = async (): Promise<string> => {
    if (trained !== undefined) return write("model.jsonl", trained);
    await run("train", iris, "--out", at("model.jsonl"));
    trained = readFileSync(at("model.jsonl"), "utf8");
    return at("model.jsonl");
  };

  test("answers each row with its class and the probability of each", async () => {
    const rows = write(
      "rows.csv",
      "petal_width,sepal_length,note,sepal_width,petal_length\n0.2,5.1,any,3.5,1.4\n2.3,6.9,,3.1,5.1\n,6.0,,,4.5\n",
    );
    const { code, stdout, stderr } = await run("predict", await model(), rows);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toBe("prediction,probability_setosa,probability_versicolor,probability_virginica");
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["setosa", "virginica", "versicolor"]);
    for (const line of lines.slice(1)) {
      const shares = line.split(",").slice(1).map(Number);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }
  });

  test("answers numbers for a regression, more rows than it takes at a time", async () => {
    const file = write("task.yaml", small("{synthetic: {kind: friedman1, rows: 50, columns: 5}}"));
    await run("train", file, "--out", at("model.jsonl"));
    const rows = Array.from({ length: 2500 }, (_, i) => `${i / 2500},0.5,0.5,0.5,0.5`);
    const { stdout } = await run(
      "predict",
      at("model.jsonl"),
      write("rows.csv", `x1,x2,x3,x4,x5\n${rows.join("\n")}\n`),
    );
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(2501);
    expect(lines[0]).toBe("prediction");
    for (const line of lines.slice(1)) expect(Number(line)).toBeGreaterThan(0);
  });

  const kinds = {
    "boosting of a number": {
      lines: modelText(aBoostingHeader(), ...iterationsWithLosses(3, 2, 4)),
      answer: "prediction\n21\n10\n",
    },
    "boosting of classes": {
      lines: modelText(aClassBoostingHeader(), anIteration({ trees: [1, 1, 1].map(() => aBoostedTree()) })),
      answer: /^prediction,probability_ant,probability_bee,probability_cat\n(ant(,0\.3{10,}\d){3}\n){2}$/,
    },
    "trees with thresholds": {
      lines: modelText(aThresholdHeader(), aThresholdTree()),
      answer: "prediction,probability_ant,probability_bee,probability_cat\ncat,0,0,1\nant,1,0,0\n",
    },
  };
  test.each(Object.entries(kinds))("takes models of each kind: %s", async (_, { lines, answer }) => {
    const file = write("model.jsonl", `${lines.join("\n")}\n`);
    const { stdout, stderr } = await run("predict", file, write("rows.csv", "size,colour\n9,red\n1,red\n"));
    expect(stderr).toBe("");
    expect(stdout).toMatch(answer instanceof RegExp ? answer : new RegExp(`^${answer}$`));
  });

  test("refuses bad calls, rows and models with a sentence", async () => {
    const file = await model();
    const rows = write("rows.csv", "sepal_length\n5\n");
    const cases: [string[], number, RegExp][] = [
      [[file], 64, /^Usage: npm run predict/],
      [[file, rows], 65, /^BadData: The model needs it, and the data has no column "sepal_width"/],
      [[rows, rows], 65, /^BadData: .*rows\.csv: line 1: is not JSON/],
      [["/no/model", rows], 64, /^\/no\/model cannot be read/],
      [[file, "/no/rows"], 64, /^\/no\/rows cannot be read/],
    ];
    for (const [args, code, stderr] of cases) {
      const ended = await run("predict", ...args);
      expect(ended.stderr).toMatch(stderr);
      expect(ended.code).toBe(code);
    }
  });
});
