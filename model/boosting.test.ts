/** Models of boosting, from their lines to predictions. */
import { describe, expect, it } from "vitest";
import {
  aBoostedTree,
  aBoostingEnd,
  aBoostingHeader,
  aClassBoostingHeader,
  anIteration,
  aTree,
  iterationsWithLosses,
  modelText,
} from "../test/builders/model.ts";
import { missingCode } from "./encode.ts";
import { endBuilder } from "./end.ts";
import type { BoostingHeaderLine, IterationLine } from "./format.ts";
import { mergeParts } from "./merge.ts";
import { readModel } from "./predict.ts";
import { writeLine } from "./write.ts";

const large = { size: 9, colour: null };

describe("the best iteration", () => {
  const cases: Record<string, { losses: (number | undefined)[]; best: number }> = {
    "is the one with the least held-out loss": { losses: [3, 1, 2], best: 1 },
    "is the first of equals": { losses: [2, 1, 1], best: 1 },
    "may be the first line": { losses: [1, 2, 3], best: 0 },
    "is the last one where nothing was held out": { losses: [undefined, undefined], best: 1 },
  };
  it.each(Object.entries(cases))("%s, in the end line and in a model cut off alike", async (_, { losses, best }) => {
    const header = aBoostingHeader();
    const lines = iterationsWithLosses(...losses);
    const end = endBuilder(header);
    for (const line of lines) end.add(line);
    expect(end.finish()).toEqual(aBoostingEnd({ iterations: losses.length, bestIteration: best }));

    const value = 10 + Array.from({ length: best + 1 }, (__, i) => 10 ** i).reduce((sum, one) => sum + one);
    for (const file of [modelText(header, ...lines), modelText(header, ...lines, end.finish())]) {
      const predictor = await readModel(file);
      expect(predictor.predict([large])).toEqual([{ value }]);
      expect(predictor.trees).toBe(best + 1);
    }
  });

  it("of a model cut off anywhere is that of the lines it has", async () => {
    const lines = modelText(aBoostingHeader(), ...iterationsWithLosses(3, 2, 4, 1));
    const values = await Promise.all(
      [1, 2, 3, 4].map(async (left) => (await readModel(lines.slice(0, 1 + left))).outputs([large])[0]),
    );
    expect(values).toEqual([11, 21, 21, 1121]);
  });

  it("is absent from the end of a model without iterations, which predicts nothing", async () => {
    const end = endBuilder(aBoostingHeader()).finish();
    expect(end).toEqual({ kind: "end", iterations: 0, importances: [0, 0] });
    await expect(readModel(modelText(aBoostingHeader(), end))).rejects.toThrow("the model has no tree");
  });
});

describe("the end line of boosting", () => {
  it("sums the gains over iterations and scales them to 1", () => {
    const end = endBuilder(aBoostingHeader());
    end.add(anIteration({ importance: [0, 2, 1, 1] }));
    end.add(anIteration({ iteration: 1, importance: [0, 5] }));
    expect(end.finish().importances).toEqual([0.875, 0.125]);
  });

  it("takes no line beyond maxIter, and no tree", () => {
    const end = endBuilder(aBoostingHeader({ gradientBoosting: { maxIter: 1, baseline: [0] } }));
    expect(() => end.add(aTree())).toThrow('is of kind "tree", where an iteration should be');
    end.add(anIteration());
    expect(() => end.add(anIteration({ iteration: 1 }))).toThrow("iteration 1 follows the last one, 0");
  });
});

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe("merging the part of boosting", () => {
  const merged = (...parts: (readonly string[])[]): Promise<string[]> =>
    collect(mergeParts(parts.map((part) => () => part)));

  it("passes its lines as they are and adds the end", async () => {
    const lines = modelText(aBoostingHeader(), ...iterationsWithLosses(3, 1, 2));
    expect(await merged(lines)).toEqual([...lines, writeLine(aBoostingEnd({ iterations: 3, bestIteration: 1 }))]);
  });

  it("refuses an iteration that stands in two parts, and one after a gap", async () => {
    const lines = modelText(aBoostingHeader(), ...iterationsWithLosses(3, 1, 2));
    await expect(merged(lines, lines)).rejects.toThrow("iteration 0 stands in two parts");
    await expect(merged(lines.toSpliced(2, 1))).rejects.toThrow("iteration 2 stands where iteration 1 is expected");
    const end = writeLine(aBoostingEnd({ iterations: 3, bestIteration: 1 }));
    await expect(merged([...lines, end])).rejects.toThrow("part 0 has a line of kind end among its iterations");
  });
});

describe("predicting by boosting", () => {
  const binary = (baseline: number, ...trees: IterationLine["trees"]): string[] => {
    const gradientBoosting: BoostingHeaderLine["gradientBoosting"] = { maxIter: 4, baseline: [baseline] };
    const header = aClassBoostingHeader({ classes: ["no", "yes"], gradientBoosting });
    return modelText(header, ...trees.map((tree, iteration) => anIteration({ iteration, trees: [tree] })));
  };

  it("adds the leaves of all trees to the baseline", async () => {
    const lines = [0, 1, 2].map((iteration) => anIteration({ iteration }));
    const predictor = await readModel(modelText(aBoostingHeader(), ...lines));
    const rows = [
      { size: 2, colour: "red" },
      { size: 2.5, colour: "red" },
    ];
    expect(predictor.predict(rows)).toEqual([{ value: 7 }, { value: 13 }]);
    expect(predictor.predictCodes(Uint8Array.of(1, 0, 2, 0))).toEqual(predictor.outputs(rows));
  });

  it("sends missing values right, or left where the split says so", async () => {
    const trees = [aBoostedTree({ value: [1, 2] }), aBoostedTree({ value: [10, 20], missingLeft: [0] })];
    const lines = trees.map((tree, iteration) => anIteration({ iteration, trees: [tree] }));
    const predictor = await readModel(modelText(aBoostingHeader(), ...lines));
    expect(predictor.predictCodes(Uint8Array.of(missingCode, 0))).toEqual(Float64Array.of(10 + 2 + 10));
  });

  it("of two classes gives the second one 1 / (1 + exp(-raw))", async () => {
    const predictor = await readModel(binary(0.5, aBoostedTree({ value: [-1, 1] })));
    const [no, yes] = predictor.outputs([large]);
    expect(yes).toBeCloseTo(1 / (1 + Math.exp(-1.5)), 15);
    expect(no! + yes!).toBe(1);
    expect(predictor.predict([{ size: 1, colour: null }])).toMatchObject([{ label: "no" }]);
  });

  it.each([
    { raw: 800, yes: 1 },
    { raw: -800, yes: 0 },
  ])("of two classes stays finite far out: raw $raw", async ({ raw, yes }) => {
    const predictor = await readModel(binary(raw, aBoostedTree()));
    expect(predictor.outputs([large])[1]).toBe(yes);
  });

  it("of more classes gives each its share of the exponentials", async () => {
    const trees = [1, 2, 3].map((value) => aBoostedTree({ value: [0, value] }));
    const predictor = await readModel(modelText(aClassBoostingHeader(), anIteration({ trees })));
    const total = Math.exp(1) + Math.exp(2) + Math.exp(3);
    const [prediction] = predictor.predict([large]);
    expect(prediction).toEqual({
      label: "cat",
      probabilities: {
        ant: expect.closeTo(Math.exp(1) / total, 14),
        bee: expect.closeTo(Math.exp(2) / total, 14),
        cat: expect.closeTo(Math.exp(3) / total, 14),
      },
    });
    // All equal: the first one.
    expect(predictor.predict([{ size: 1, colour: null }])).toMatchObject([{ label: "ant" }]);
  });

  it("of more classes stays finite far out", async () => {
    const trees = [800, -800, 0].map((value) => aBoostedTree({ value: [0, value] }));
    const predictor = await readModel(modelText(aClassBoostingHeader(), anIteration({ trees })));
    expect(predictor.outputs([large])).toEqual(Float64Array.of(1, 0, 0));
  });
});
