import { describe, expect, it } from "vitest";
import {
  aHeader,
  anEnd,
  aRegressionHeader,
  aThresholdHeader,
  aThresholdTree,
  aTree,
  modelText,
} from "../test/builders/model.ts";
import { missingCode } from "./encode.ts";
import type { TreeLine } from "./format.ts";
import { readModel, RowError, type Predictor, type Row } from "./predict.ts";

const model = (...trees: readonly TreeLine[]): Promise<Predictor> => readModel(modelText(aHeader(), ...trees));
const regression = (...trees: readonly TreeLine[]): Promise<Predictor> =>
  readModel(modelText(aRegressionHeader(), ...trees));
/** One split: at most 2 goes left to 10, the rest right to 20. */
const aStump = (overrides: Partial<TreeLine> = {}): TreeLine =>
  aTree({ feature: [0, -1, -1], bin: [1], value: [10, 20], importance: [0, 1], ...overrides });

describe("prediction", () => {
  const ways: Record<string, { row: Row; probabilities: Record<string, number>; label: string }> = {
    "down the left": { row: { size: 0, colour: "red" }, probabilities: { ant: 1, bee: 0, cat: 0 }, label: "ant" },
    "left where a value equals the edge": {
      row: { size: 2, colour: "red" },
      probabilities: { ant: 1, bee: 0, cat: 0 },
      label: "ant",
    },
    "right just above the edge": {
      row: { size: 2.0000000000000004, colour: "red" },
      probabilities: { ant: 0, bee: 0, cat: 1 },
      label: "cat",
    },
    "to a leaf shared by classes, the first of equals": {
      row: { size: 1, colour: "blue" },
      probabilities: { ant: 0.5, bee: 0.5, cat: 0 },
      label: "ant",
    },
    "right for a missing number": {
      row: { size: null, colour: "red" },
      probabilities: { ant: 0, bee: 0, cat: 1 },
      label: "cat",
    },
    "right for an unknown category": {
      row: { size: 1, colour: "green" },
      probabilities: { ant: 0.5, bee: 0.5, cat: 0 },
      label: "ant",
    },
    "right for a missing category": {
      row: { size: 1, colour: null },
      probabilities: { ant: 0.5, bee: 0.5, cat: 0 },
      label: "ant",
    },
    "by numbers written as text": {
      row: { size: " 2.5e0 ", colour: "red" },
      probabilities: { ant: 0, bee: 0, cat: 1 },
      label: "cat",
    },
    "by a text that means missing": {
      row: { size: "NA", colour: "red" },
      probabilities: { ant: 0, bee: 0, cat: 1 },
      label: "cat",
    },
  };
  it.each(Object.entries(ways))("goes %s", async (_, { row, probabilities, label }) => {
    expect((await model(aTree())).predict([row])).toEqual([{ label, probabilities }]);
  });

  it("sends missing values left where the split says so", async () => {
    const predictor = await regression(aStump({ missingLeft: [0] }));
    expect(
      predictor.predict([
        { size: null, colour: null },
        { size: 3, colour: null },
      ]),
    ).toEqual([{ value: 10 }, { value: 20 }]);
  });

  it("divides known from missing values by a bin that holds every number", async () => {
    const predictor = await regression(aStump({ bin: [3] }));
    expect(
      predictor.predict([
        { size: 1e300, colour: null },
        { size: NaN, colour: null },
      ]),
    ).toEqual([{ value: 10 }, { value: 20 }]);
  });

  it("averages over trees", async () => {
    const predictor = await regression(
      aStump(),
      aStump({ tree: 1, value: [20, 50] }),
      aStump({ tree: 3, value: [0, 8] }),
    );
    expect(predictor.trees).toBe(3);
    expect(
      predictor.predict([
        { size: 1, colour: "red" },
        { size: 9, colour: "red" },
      ]),
    ).toEqual([{ value: 10 }, { value: 26 }]);
  });

  it("finds right children below right children", async () => {
    // size <= 1 ? 1 : (size <= 2 ? (colour red ? 2 : 3) : 4)
    const tree = aTree({ feature: [0, -1, 0, 1, -1, -1, -1], bin: [0, 1, 0], value: [1, 2, 3, 4], importance: [] });
    const predictor = await regression(tree);
    const rows = [
      [1, "red"],
      [2, "red"],
      [2, "blue"],
      [3, "red"],
    ].map(([size, colour]) => ({ size, colour }));
    expect(predictor.predict(rows)).toEqual([1, 2, 3, 4].map((value) => ({ value })));
  });

  it("takes numbers and truth values as the category that they are in a file", async () => {
    const columns = [{ name: "flag", type: "category", categories: ["1", "true"] }] as const;
    const tree = aTree({ feature: [0, -1, 0, -1, -1], bin: [0, 1], value: [1, 2, 3], importance: [] });
    const predictor = await readModel(modelText(aRegressionHeader({ columns }), tree));
    expect(predictor.predict([{ flag: 1 }, { flag: true }, { flag: "no" }])).toEqual(
      [1, 2, 3].map((value) => ({ value })),
    );
  });

  it("ignores columns that it does not know, and keeps odd names of classes", async () => {
    const lines = modelText(aHeader({ classes: ["__proto__", "toString", "x"] }), aTree());
    const [answer] = (await readModel(lines)).predict([{ size: 1, colour: "red", other: {} }]);
    expect(JSON.stringify(answer)).toBe('{"label":"__proto__","probabilities":{"__proto__":1,"toString":0,"x":0}}');
  });

  const wrong: Record<string, { row: Row; says: string; column: string }> = {
    "a column that is absent": { row: { size: 1 }, says: 'column "colour" is missing', column: "colour" },
    "a column only of the prototype": {
      row: Object.create({ size: 1, colour: "red" }) as Row,
      says: '"size" is missing',
      column: "size",
    },
    "a text for a number": {
      row: { size: "big", colour: "red" },
      says: 'column "size" takes a number',
      column: "size",
    },
    "hexadecimal for a number": { row: { size: "0x10", colour: "red" }, says: "takes a number", column: "size" },
    "an infinite number": { row: { size: Infinity, colour: "red" }, says: "takes a number", column: "size" },
    "a number too large for a double": {
      row: { size: "1e999", colour: "red" },
      says: "takes a number",
      column: "size",
    },
    "a list for a category": {
      row: { size: 1, colour: ["red"] },
      says: 'column "colour" takes a text',
      column: "colour",
    },
  };
  it.each(Object.entries(wrong))("refuses %s, with row and column", async (_, { row, says, column }) => {
    const predictor = await model(aTree());
    const attempt = (): unknown => predictor.predict([{ size: 1, colour: "red" }, row]);
    expect(attempt).toThrow(RowError);
    expect(attempt).toThrow(says);
    expect(attempt).toThrow(expect.objectContaining({ row: 1, column }));
  });

  describe("by thresholds", () => {
    const byThresholds = (overrides: Partial<TreeLine> = {}): Promise<Predictor> =>
      readModel(modelText(aThresholdHeader(), aThresholdTree(overrides)));
    const labels: Record<string, { row: Row; label: string }> = {
      "left below the threshold": { row: { size: 2.4999999999999996, colour: "red" }, label: "ant" },
      "right at the threshold": { row: { size: 2.5, colour: "red" }, label: "cat" },
      "by a category's code": { row: { size: 0, colour: "blue" }, label: "bee" },
      "right for a missing number": { row: { size: null, colour: "red" }, label: "cat" },
      "right for an unknown category": { row: { size: 0, colour: "green" }, label: "bee" },
      "by numbers written as text": { row: { size: "2.5", colour: "red" }, label: "cat" },
    };
    it.each(Object.entries(labels))("goes %s", async (_, { row, label }) => {
      expect((await byThresholds({ value: [0, 1, 2] })).predict([row])).toMatchObject([{ label }]);
    });

    it("sends missing values left where the split says so", async () => {
      const predictor = await byThresholds({ value: [0, 1, 2], missingLeft: [0, 1] });
      expect(predictor.predict([{ size: null, colour: null }])).toMatchObject([{ label: "ant" }]);
    });

    it("refuses what stands in the wrong column, and codes", async () => {
      const predictor = await byThresholds();
      expect(() => predictor.predict([{ size: "big", colour: "red" }])).toThrow('column "size" takes a number');
      expect(() => predictor.predict([{ size: 1, colour: {} }])).toThrow('column "colour" takes a text');
      expect(() => predictor.predictCodes(Uint8Array.of(0, 0))).toThrow("compare values, not codes");
    });
  });

  it("weighs the classes of a leaf by decimals", async () => {
    const predictor = await model(aTree({ value: [[0, 0.5, 1, 1.5], 1, 2] }));
    expect(predictor.outputs([{ size: 0, colour: "red" }])).toEqual(Float64Array.of(0.25, 0.75, 0));
  });

  it("answers codes and rows alike", async () => {
    const predictor = await model(aTree());
    expect(predictor.predictCodes(Uint8Array.of(0, 0, missingCode, 0))).toEqual(Float64Array.of(1, 0, 0, 0, 0, 1));
  });

  it("says whether the model is whole", async () => {
    expect((await model(aTree())).end).toBeUndefined();
    expect((await readModel(modelText(aHeader(), aTree(), anEnd()))).end).toEqual(anEnd());
  });

  it("refuses a model without a tree, and an empty file", async () => {
    await expect(model()).rejects.toThrow("the model has no tree");
    await expect(readModel([])).rejects.toThrow("the file is empty");
  });
});
