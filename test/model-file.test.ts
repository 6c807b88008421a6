/** docs/model-file.md is true: its example is a tree line, and its reader in Python predicts what ours does. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { formatVersion, type HeaderLine } from "../model/format.ts";
import { readModel, type Prediction } from "../model/predict.ts";
import { lineReader } from "../model/read.ts";
import { writeLine } from "../model/write.ts";
import { prepareForest } from "../trainer/forest/forest.ts";
import { aCategoryColumn, aClassTarget, aForestInput, aNumberColumn, aRegressionTarget } from "./builders/forest.ts";
import { aHeader, aRegressionHeader } from "./builders/model.ts";

const page = readFileSync("docs/model-file.md", "utf8");
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)![1]!;
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

/** A forest of both kinds of column, with missing values on both sides, as lines. */
function modelOf(problemType: HeaderLine["problemType"]): string[] {
  const target =
    problemType === "regression"
      ? aRegressionTarget(xs.map((x, i) => (Number.isNaN(x) ? 50 : x * 3 + colours[i]!)))
      : aClassTarget(
          xs.map((x, i) => (Number.isNaN(x) ? 2 : (Math.floor(x) + i) % 3)),
          ["a", "b", "c"],
        );
  const forest = prepareForest(
    aForestInput({ columns, target, options: { nEstimators: 5, bootstrap: true, minSamplesLeaf: 3 } }),
  );
  const base = problemType === "regression" ? aRegressionHeader() : aHeader();
  return [{ ...base, ...forest.header }, ...[0, 1, 2, 3, 4].map((i) => forest.growTree(i))].map(writeLine);
}

function pythonPredicts(lines: readonly string[]): unknown[] {
  const [model, script, input] = ["model.jsonl", "read.py", "rows.json"].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(model, lines.map((line) => `${line}\n`).join(""));
  writeFileSync(input, JSON.stringify(rows));
  writeFileSync(
    script,
    `${block("python")}\nimport sys\nmodel = load(sys.argv[1])\nprint(json.dumps([predict(model, row) for row in json.load(open(sys.argv[2]))]))\n`,
  );
  return JSON.parse(execFileSync("python3", [script, model, input], { encoding: "utf8" })) as unknown[];
}

const plain = (prediction: Prediction): unknown =>
  "value" in prediction ? prediction.value : prediction.probabilities;

describe("the page about the model file", () => {
  it("shows a tree line that our reader takes", () => {
    const reader = lineReader();
    const column = (name: string): HeaderLine["columns"][number] => ({
      name,
      type: "number",
      edges: [1, 2, 3, 4, 5, 6, 7, 8],
    });
    reader.next(writeLine(aHeader({ columns: [column("a"), column("b"), column("c")] })));
    expect(reader.next(block("json").trim()).kind).toBe("tree");
  });

  it("names the version that we write", () => {
    expect(page).toContain(`| \`version\` | ${formatVersion} |`);
  });

  it.skipIf(noPython).each(["regression", "classification"] as const)(
    "has a reader in Python that predicts as we do: %s (needs python3)",
    async (problemType) => {
      const lines = modelOf(problemType);
      const ours = (await readModel(lines)).predict(rows).map(plain);
      expect(pythonPredicts(lines)).toEqual(ours);
      expect(new Set(ours.map((one) => JSON.stringify(one))).size).toBeGreaterThan(5);
      expect(lines.some((line) => line.includes("missingLeft"))).toBe(true);
    },
  );
});
