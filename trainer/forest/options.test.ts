import { describe, expect, it } from "vitest";
import { columnsPerSplit, ForestOptionError, rowsPerTree } from "./options.ts";

describe("columns per split", () => {
  const cases: Record<string, { maxFeatures?: string; columns: number; count: number }> = {
    "sqrt rounds down": { maxFeatures: "sqrt", columns: 15, count: 3 },
    "log2 rounds down": { maxFeatures: "log2", columns: 15, count: 3 },
    "all is all": { maxFeatures: "all", columns: 15, count: 15 },
    "a number is itself": { maxFeatures: "5", columns: 15, count: 5 },
    "a number beyond the columns is all of them": { maxFeatures: "99", columns: 15, count: 15 },
    "a share rounds down": { maxFeatures: "30%", columns: 15, count: 4 },
    "a small share is one column": { maxFeatures: "1%", columns: 15, count: 1 },
    "log2 of one column is one": { maxFeatures: "log2", columns: 1, count: 1 },
  };
  it.each(Object.entries(cases))("%s", (_, { maxFeatures, columns, count }) => {
    expect(columnsPerSplit(maxFeatures, { columns, problemType: "regression" })).toBe(count);
  });

  it("are the square root for classes and all for numbers by default", () => {
    expect(columnsPerSplit(undefined, { columns: 16, problemType: "classification" })).toBe(4);
    expect(columnsPerSplit(undefined, { columns: 16, problemType: "regression" })).toBe(16);
  });
});

describe("rows per tree", () => {
  it("are all rows, a number or a share of them, at least one", () => {
    expect(rowsPerTree(undefined, 150)).toBe(150);
    expect(rowsPerTree("20", 150)).toBe(20);
    expect(rowsPerTree("50%", 151)).toBe(76);
    expect(rowsPerTree("1%", 10)).toBe(1);
  });

  it("may not be more than there are", () => {
    expect(() => rowsPerTree("151", 150)).toThrow(ForestOptionError);
    expect(() => rowsPerTree("151", 150)).toThrow("maxSamples: 151 rows cannot be drawn, there are 150");
  });
});
