import { describe, expect, test } from "vitest";
import { aCategoryColumn, aClassTarget, aForestInput, aNumberColumn } from "../../test/builders/forest.ts";
import { DataError } from "../../data/error.ts";
import { randomForestSchema } from "../../traintask/trainers.ts";
import { ConfigurationError } from "../errors.ts";
import type { ForestInput } from "../forest/input.ts";
import { refuseData, refuseOptions } from "./options.ts";

const refusal = (refuse: () => void): ConfigurationError | DataError => {
  try {
    refuse();
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof DataError) return error;
    throw error;
  }
  throw new Error("it was not refused");
};
const regression = aForestInput().target;
const classification = aClassTarget([0, 1]);

describe("the engine ml-random-forest", () => {
  test.each([
    { criterion: "entropy" },
    { criterion: "squaredError" },
    { maxFeatures: "sqrt" },
    { maxFeatures: "50%" },
    { maxFeatures: "3" },
    { splitter: "random" },
    { minSamplesLeaf: 2 },
    { maxLeafNodes: 10 },
    { minImpurityDecrease: "0.1" },
    { classWeight: "balanced" },
    { classWeights: [{ label: "a", weight: "2" }] },
  ] as const)("refuses what it could only ignore: %j", (option) => {
    const error = refusal(() => refuseOptions(randomForestSchema.parse(option), classification));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(new RegExp(`^spec\\.trainer\\.randomForest\\.${Object.keys(option)[0]}: `));
    expect(error).toHaveProperty("advice", "Use engine: histogram (the default), which can.");
  });

  test("refuses a criterion of the other kind of target", () => {
    const error = refusal(() => refuseOptions(randomForestSchema.parse({ criterion: "poisson" }), regression));
    expect(error.message).toContain("It grows with squaredError");
  });

  test("takes its own options, and what names what it does anyway", () => {
    const honoured = { nEstimators: 5, maxDepth: 3, minSamplesSplit: 4, bootstrap: true, maxSamples: "50%" } as const;
    const without = { maxFeatures: "all", minImpurityDecrease: "0.0", classWeight: "none", splitter: "best" } as const;
    const options = { ...honoured, ...without };
    refuseOptions(randomForestSchema.parse({ ...options, criterion: "gini" }), classification);
    refuseOptions(randomForestSchema.parse({ ...options, criterion: "squaredError" }), regression);
    refuseOptions(randomForestSchema.parse({}), regression);
  });

  test("refuses weights of rows", () => {
    const input: ForestInput = { ...aForestInput(), weights: Float64Array.of(1, 1, 1, 1) };
    expect(refusal(() => refuseData(input)).message).toMatch(/^spec\.dataset\.weight: /);
  });

  test("refuses a missing value, of a number and of a category, in a row to train on, and says where", () => {
    const numbers = aNumberColumn([1, NaN, 3, NaN], "size");
    const codes = aCategoryColumn([0, 1, 255, 0], ["red", "blue"], "colour");
    const input = aForestInput({ columns: [aNumberColumn([1, 2, 3, 4], "x"), numbers] });
    const error = refusal(() => refuseData(input));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/^row 2, column "size": The value is missing, .* or use engine: histogram\.$/);
    expect(refusal(() => refuseData({ ...input, columns: [codes] })).message).toMatch(/^row 3, column "colour"/);
    refuseData({ ...input, rows: Uint32Array.of(0, 2) });
  });

  test("refuses more work than it gets through, and says how much that is", () => {
    const rows = (count: number): ForestInput =>
      aForestInput({
        columns: Array.from({ length: 10 }, (_, column) =>
          aNumberColumn(
            Array.from({ length: count }, () => 1),
            `x${column}`,
          ),
        ),
        options: { nEstimators: 100 },
      });
    refuseData(rows(2000));
    const error = refusal(() => refuseData(rows(2001)));
    expect(error.message).toContain("2001 rows squared x 10 columns x 100 trees is 4.0e+9, more than 4e+9");
    expect(error).toHaveProperty("advice", expect.stringContaining("engine: histogram"));
  });
});
