import { describe, expect, test } from "vitest";
import type { Report } from "../report.ts";
import { reportText } from "./report-text.ts";

const aReport = (overrides: Partial<Report> = {}): Report => ({
  kind: "report",
  version: 1,
  problemType: "regression",
  target: "price",
  rows: { train: 90, test: 10 },
  trees: { grown: 20, asked: 20 },
  importances: [{ column: "size", importance: 1 }],
  curve: [],
  warnings: [],
  ...overrides,
});
const aBoostingReport = (iterations: Report["iterations"]): Report => {
  const { trees: _, ...report } = aReport();
  return { ...report, ...(iterations === undefined ? {} : { iterations }) };
};

describe("a report as text", () => {
  test("says how many trees were grown from what", () => {
    expect(reportText(aReport())).toMatch(/^regression of price: 20 trees from 90 rows, 10 held out\n/);
  });

  test("says which iterations count, and that there are fewer than asked for", () => {
    expect(reportText(aBoostingReport({ grown: 30, asked: 100, best: 19 }))).toMatch(
      /^regression of price: 30 of 100 iterations \(20 used\) from 90 rows/,
    );
    expect(reportText(aBoostingReport({ grown: 100, asked: 100, best: 99 }))).toContain(" 100 iterations (100 used)");
  });

  test("says how far the score falls with each column, and from how many rows that is known", () => {
    const found = {
      metric: "r2",
      rows: 10,
      of: 40,
      repeats: 5,
      columns: [{ column: "size", mean: 0.51239, deviation: 0.01 }],
    } as const;
    expect(reportText(aReport({ permutationImportances: found }))).toContain(
      "\nfall of r2 when a column is shuffled (10 of 40 held-out rows)\n  0.512 ± 0.010  size",
    );
    expect(reportText(aReport({ permutationImportances: { ...found, of: 10 } }))).toContain("(10 held-out rows)");
  });

  test("says why permutation importances are left out", () => {
    const text = reportText(aReport({ permutationImportances: { leftOut: "Too many." } }));
    expect(text).toContain("\nno permutation importances: Too many.");
    expect(reportText(aReport())).not.toContain("permutation");
  });
});
