/** docs/model-file.md is true: its examples are lines of a model, and the reader in Python predicts what ours does. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  type BoostingHeaderLine,
  type ForestHeaderLine,
  formatVersion,
  type HeaderLine,
  type TreeLine,
} from "../model/format.ts";
import { readModel } from "../model/predict.ts";
import { lineReader } from "../model/read.ts";
import { writeLine } from "../model/write.ts";
import type { ForestTarget } from "../trainer/forest/forest.ts";
import { aCategoryColumn, aClassTarget, aForestInput, aNumberColumn, aRegressionTarget } from "./builders/forest.ts";
import { modelOf } from "./builders/grown.ts";
import {
  aBoostingHeader,
  aClassBoostingHeader,
  aHeader,
  anIteration,
  aRegressionHeader,
  aThresholdHeader,
  aThresholdTree,
  aTree,
} from "./builders/model.ts";

const page = readFileSync("docs/model-file.md", "utf8");
const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map((match) => match[1]!.trim());
const script = "examples/09-read-model-in-python/read_model.py";
const noPython = spawnSync("python3", ["--version"]).status !== 0;
const directory = mkdtempSync(path.join(tmpdir(), "traintask-model-file-"));
afterAll(() => rmSync(directory, { recursive: true }));

const xs = Array.from({ length: 90 }, (_, i) => (i % 11 === 0 ? NaN : ((i * 37) % 90) / 7));
const colours = xs.map((_, i) => ((i * 13) % 4) - 1);
const columns = [aNumberColumn(xs, "x"), aCategoryColumn(colours, ["red", "green", "blue"], "colour")];
const rows = [
  ...xs.map((x, i) => ({ x: Number.isNaN(x) ? null : x + 0.01, colour: ["red", "pink", null][i % 3] })),
  { x: 1e9, colour: "blue" },
];

const numbers = xs.map((x, i) => (Number.isNaN(x) ? 50 : x * 3 + colours[i]!));
const letters = xs.map((x, i) => (Number.isNaN(x) ? 2 : (Math.floor(x) + i) % 3));

/** A forest of both kinds of column, with missing values on both sides, as lines. */
function forestOf(target: ForestTarget): string[] {
  return modelOf(aForestInput({ columns, target, options: { nEstimators: 4, bootstrap: true, minSamplesLeaf: 3 } }));
}

/** Trees of a forest's shapes with other leaves, as iterations; the last one is not the best. */
function boostingOf(target: ForestTarget, header: BoostingHeaderLine): string[] {
  const [first, ...trees] = forestOf(target);
  const { columns: shown } = JSON.parse(first!) as ForestHeaderLine;
  const width = header.gradientBoosting.baseline.length;
  const lines = trees.map((text, iteration) => {
    const tree = JSON.parse(text) as TreeLine;
    return anIteration({
      iteration,
      trees: Array.from({ length: width }, (_, k) => ({
        feature: tree.feature,
        bin: tree.bin!,
        ...(tree.missingLeft === undefined ? {} : { missingLeft: tree.missingLeft }),
        value: tree.value.map((_leaf, i) => Math.sin(i * (k + 1) + iteration)),
      })),
      loss: { train: 1, validation: [3, 1, 1, 4][iteration]! },
    });
  });
  return [{ ...header, columns: shown }, ...lines].map(writeLine);
}

/** Trees that compare values, with decimals among the weights. */
function thresholdsOf(): string[] {
  const header = aThresholdHeader({
    columns: [
      { name: "x", type: "number", edges: [] },
      { name: "colour", type: "category", categories: ["red", "green", "blue"] },
    ],
  });
  const value = [0, [0, 0.1, 1, 0.7, 2, 1e-3], 2] as const;
  const other = { tree: 1, threshold: [7.25, 1.5], missingLeft: [0] };
  return [header, aThresholdTree({ value }), aThresholdTree({ ...other, value })].map(writeLine);
}

const binary = { maxIter: 9, baseline: [-0.5] };
const models: Record<string, { lines: readonly string[]; digits: number }> = {
  "a forest of regression": { lines: forestOf(aRegressionTarget(numbers)), digits: 0 },
  "a forest of classification": { lines: forestOf(aClassTarget(letters, ["a", "b", "c"])), digits: 0 },
  "trees with thresholds": { lines: thresholdsOf(), digits: 0 },
  "boosting of regression": { lines: boostingOf(aRegressionTarget(numbers), aBoostingHeader()), digits: 0 },
  // exp is not rounded alike in both languages.
  "boosting of two classes": {
    lines: boostingOf(
      aClassTarget(letters.map((letter) => letter % 2)),
      aClassBoostingHeader({ classes: ["no", "yes"], gradientBoosting: binary }),
    ),
    digits: 14,
  },
  "boosting of three classes": {
    lines: boostingOf(aClassTarget(letters, ["a", "b", "c"]), aClassBoostingHeader()),
    digits: 14,
  },
};

/** What the example answers for each model, by its name, in one start of Python. */
function pythonPredicts(): Record<string, number[][]> {
  const file = (name: string): string => path.join(directory, name);
  writeFileSync(file("rows.json"), JSON.stringify(rows));
  const names = Object.keys(models);
  for (const name of names) writeFileSync(file(name), models[name]!.lines.map((line) => `${line}\n`).join(""));
  const program = [
    "import json, sys; from read_model import load, predict",
    "rows = json.load(open(sys.argv[1]))",
    "print(json.dumps([[predict(model, row) for row in rows] for model in map(load, sys.argv[2:])]))",
  ].join("\n");
  const args = ["-c", program, file("rows.json"), ...names.map(file)];
  const env = { ...process.env, PYTHONPATH: path.dirname(script), PYTHONDONTWRITEBYTECODE: "1" };
  const answers = JSON.parse(execFileSync("python3", args, { encoding: "utf8", env })) as number[][][];
  return Object.fromEntries(names.map((name, i) => [name, answers[i]!]));
}

describe("the page about the model file", () => {
  let answers: ReturnType<typeof pythonPredicts> | undefined;

  it("shows lines that our reader takes", () => {
    const column = (name: string): HeaderLine["columns"][number] => ({
      name,
      type: "number",
      edges: [1, 2, 3, 4, 5, 6, 7, 8],
    });
    const shown = [column("a"), column("b"), column("c")];
    const kinds = [aHeader({ columns: shown }), aBoostingHeader({ columns: shown })].map((header, i) => {
      const reader = lineReader();
      reader.next(writeLine(header));
      return reader.next(examples[i]!).kind;
    });
    expect(kinds).toEqual(["tree", "iteration"]);
  });

  it("names the version that we write", () => {
    expect(page).toContain(`| \`version\` | ${formatVersion} |`);
  });

  it.skipIf(noPython).each(Object.entries(models))(
    "has a reader in Python that predicts as we do: %s (needs python3)",
    async (name, { lines, digits }) => {
      const predictor = await readModel(lines);
      const ours = predictor.outputs(rows);
      const theirs = (answers ??= pythonPredicts())[name]!;
      expect(theirs).toHaveLength(rows.length);
      theirs.flat().forEach((value, i) => {
        if (digits === 0) expect(value).toBe(ours[i]);
        else expect(value).toBeCloseTo(ours[i]!, digits);
      });
      expect(theirs.flat()).toHaveLength(ours.length);
      expect(new Set(ours).size).toBeGreaterThan(5);
      expect(lines.some((line) => line.includes("missingLeft"))).toBe(true);
    },
  );

  it.skipIf(noPython)("has a reader in Python that is run as its page says (needs python3)", () => {
    const [model, input] = ["model.jsonl", "rows.json"].map((name) => path.join(directory, name)) as [string, string];
    writeFileSync(model, `${writeLine(aRegressionHeader())}\n${writeLine(aTree({ value: [1, 2, 3] }))}\n`);
    writeFileSync(input, JSON.stringify([{ size: 9, colour: null }]));
    expect(execFileSync("python3", [script, model, input], { encoding: "utf8" })).toBe("[[3.0]]\n");
    writeFileSync(model, `${writeLine(aRegressionHeader())}\n{"kind":"step"}\n`);
    const newer = spawnSync("python3", [script, model, input], { encoding: "utf8" });
    expect([newer.status, newer.stderr]).toEqual([1, expect.stringContaining("not a model that is known here")]);
  });

  it("has a reader in Python of less than 60 lines", () => {
    expect(readFileSync(script, "utf8").trimEnd().split("\n").length).toBeLessThan(60);
  });
});
