import { describe, expect, test } from "vitest";
import { splitRows } from "../data/split.ts";
import { readTable } from "../data/table.ts";
import { readModel } from "../model/predict.ts";
import { podConfigSchema } from "../traintask/contract.ts";
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
      for (let tree = 0; tree < 7; tree++) lines.push((await grower.grow(tree)).text);
      const model = await readModel(lines);

      const table = await readTable([text], { target: "y", problemType });
      const { test: rows } = splitRows(table.target, { testFraction: "0.3", seed: 5 });
      const votes = heldOut(model.header, table.columns, rows);
      const reader = lineReader();
      for (const line of lines.map((each) => reader.next(each))) if (line.kind === "tree") votes.add(line);

      const [names, ...cells] = text.split("\n").map((line) => line.split(","));
      const asked = Array.from(rows, (row) => Object.fromEntries(cells[row]!.map((cell, i) => [names![i]!, cell])));
      const predicted = model
        .predict(asked)
        .map((prediction) =>
          "value" in prediction ? prediction.value : model.header.classes!.indexOf(prediction.label),
        );
      expect(Array.from(votes.predictions())).toEqual(predicted);
      expect(predicted).toHaveLength(18);
    },
  );
});
