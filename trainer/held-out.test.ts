import { describe, expect, test } from "vitest";
import { splitRows } from "../data/split.ts";
import { readTable } from "../data/table.ts";
import {
  aBoostingHeader,
  aClassBoostingHeader,
  aBoostedTree,
  aThresholdHeader,
  aThresholdTree,
  anIteration,
  iterationsWithLosses,
  modelText,
} from "../test/builders/model.ts";
import type { TreesHeaderLine, IterationLine, TreeLine } from "../model/format.ts";
import { readModel } from "../model/predict.ts";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { lineReader } from "../model/read.ts";
import { heldOut } from "./held-out.ts";
import { trainingRequest } from "./request.ts";
import { training } from "./training.ts";

const csv = (target: (row: number) => string): string =>
  [
    "n,c,y",
    ...Array.from({ length: 60 }, (_, row) => `${row % 7 === 0 ? "" : row * 1.5},${"pqr"[row % 3]},${target(row)}`),
  ].join("\n");

const cases: Record<string, { csv: string; problemType: "classification" | "regression" }> = {
  classes: { csv: csv((row) => (row < 20 ? "low" : row < 45 ? "middle" : "high")), problemType: "classification" },
  numbers: { csv: csv((row) => String(row * row)), problemType: "regression" },
};

describe("held-out votes", () => {
  test.each(Object.entries(cases))(
    "of %s are what the model predicts for these rows",
    async (_, { csv: text, problemType }) => {
      const config = podConfigSchema.parse({
        trainer: { randomForest: { nEstimators: 7, maxDepth: 4 } },
        dataset: { csv: text, target: "y", problemType, testFraction: "0.3" },
        seed: 5,
        maxModelBytes: 1 << 30,
      });
      const grower = training(trainingRequest(config), { openDataset: () => [] });
      const { header } = await grower.prepare();
      const lines = [header];
      for (let tree = 0; tree < 7; tree++) lines.push((await grower.grow(tree))!.text);
      const model = await readModel(lines);

      const table = await readTable([text], { target: "y", problemType });
      const { test: rows } = splitRows(table.target, { testFraction: "0.3", seed: 5 });
      const votes = heldOut(model.header as TreesHeaderLine, table.columns, rows);
      const reader = lineReader();
      for (const line of lines.map((each) => reader.next(each))) if (line.kind === "tree") votes.add(line);

      const [names, ...cells] = text.split("\n").map((line) => line.split(","));
      const asked = Array.from(rows, (row) => Object.fromEntries(cells[row]!.map((cell, i) => [names![i]!, cell])));
      expect(votes.outputs()).toEqual(model.outputs(asked));
      expect(asked).toHaveLength(18);
    },
  );
});

describe("lines of other kinds answer as the model does, cut off after any of them:", () => {
  const sizes = [0.5, 2, 2.5, 3, NaN];
  const colours = ["red", "blue", undefined, "red", "green"];
  // Another order than the header's, and a category that it does not know.
  const categories = ["green", "blue", "red"];
  const columns = [
    { name: "size", type: "number", values: Float64Array.from(sizes) },
    {
      name: "colour",
      type: "category",
      categories,
      codes: Uint8Array.from(colours, (colour) => (colour === undefined ? 255 : categories.indexOf(colour))),
    },
  ] as const;
  const rows = Uint32Array.of(0, 1, 2, 4);
  const asked = Array.from(rows, (row) => ({
    size: Number.isNaN(sizes[row]) ? null : sizes[row],
    colour: colours[row] ?? null,
  }));
  const ofClasses = (iteration: number, validation: number): IterationLine =>
    anIteration({
      iteration,
      trees: [-1, 0.5, 2].map((step) => aBoostedTree({ value: [step, (iteration + 1) * step] })),
      loss: { train: 1, validation },
    });
  const models: Record<string, { header: TreesHeaderLine; lines: readonly (TreeLine | IterationLine)[] }> = {
    "boosting that gets better": { header: aBoostingHeader(), lines: iterationsWithLosses(4, 3, 2, 1) },
    "boosting that gets worse and better again": { header: aBoostingHeader(), lines: iterationsWithLosses(3, 4, 4, 2) },
    "boosting that gets worse": { header: aBoostingHeader(), lines: iterationsWithLosses(1, 1, 2, 3) },
    "boosting without held-out rows": {
      header: aBoostingHeader(),
      lines: iterationsWithLosses(undefined, undefined, undefined),
    },
    "boosting of two classes": {
      header: aClassBoostingHeader({ classes: ["ant", "bee"], gradientBoosting: { maxIter: 4, baseline: [0.25] } }),
      lines: iterationsWithLosses(3, 4, 2),
    },
    "boosting of three classes": {
      header: aClassBoostingHeader(),
      lines: [3, 4, 2].map((loss, iteration) => ofClasses(iteration, loss)),
    },
    "a forest with thresholds": {
      header: aThresholdHeader(),
      lines: [aThresholdTree(), aThresholdTree({ tree: 1, threshold: [1, 1], missingLeft: [0] })],
    },
  };
  test.each(Object.entries(models))("%s", async (_, { header, lines }) => {
    const votes = heldOut(header, columns, rows);
    for (const [index, line] of lines.entries()) {
      votes.add(line);
      const model = await readModel(modelText(header, ...lines.slice(0, index + 1)));
      expect(votes.outputs()).toEqual(model.outputs(asked));
    }
  });

  test("a column of another type is a mistake of ours, and said so", () => {
    const votes = heldOut(aThresholdHeader(), [columns[1], columns[0]], rows);
    expect(() => votes.add(aThresholdTree())).toThrow("column size is number in the header and category in the table");
  });
});
