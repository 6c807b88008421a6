/** Trees and ensembles against scikit-learn's, recorded by test/golden/record_trees_operators.py. */
import { describe, expect, it } from "vitest";
import {
  golden,
  heldOutAnswers,
  heldOutScore,
  seeds,
  standardErrorsApart,
  summary,
  title,
  trainingPart,
} from "../../../test/builders/trees.ts";
import { parametersOf } from "../../../test/builders/operators.ts";
import { rfe } from "../rfe.ts";
import { allColumns, extraTreesImportances } from "./importances.ts";
import { sortedTable } from "./sorted-table.ts";

describe("what is not random answers what scikit-learn's does", () => {
  it.each(golden.answers)("$table: $operator $parameters", (one) => {
    const ours = heldOutAnswers(one, 3).values;
    expect(ours).toHaveLength(one.outputs.length);
    const scale = Math.max(1, ...one.outputs.map(Math.abs));
    const apart = Array.from(ours, (value, i) => Math.abs(value - one.outputs[i]!) / scale);
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });
});

/** The other tables are in golden.long.test.ts. */
const quick = golden.scores.filter(({ table }) => table === "diabetes" || table === "cancer");

describe("what is random scores what scikit-learn's does, within 2 standard errors over 20 seeds", () => {
  it.each(quick.map((one) => ({ ...one, title: title(one) })))("$table: $title", (one) => {
    const ours = summary(seeds.map((seed) => heldOutScore(one, seed)));
    expect(standardErrorsApart(ours, one)).toBeLessThan(2);
  });
});

describe("selectors go by what scikit-learn's go by", () => {
  const parameters = parametersOf("selectFromModel", { maxFeatures: 0.35 });

  it.each(golden.importances)("importances, within 3 standard errors: $table", ({ table, columns }) => {
    const part = trainingPart(table);
    const sorted = sortedTable(part.x);
    const found = seeds.map((seed) =>
      extraTreesImportances({ ...part, seed }, parameters, { table: sorted, columns: allColumns(sorted) }),
    );
    const apart = columns.map((theirs, c) => standardErrorsApart(summary(found.map((of) => of[c]!)), theirs));
    expect(Math.max(...apart)).toBeLessThan(3);
  });

  it.each(golden.eliminated)("columns that are never or always eliminated: $table", ({ table, kept }) => {
    const found = seeds
      .slice(0, 5)
      .map((seed) => rfe.fit({ ...trainingPart(table), seed }, { ...parameters, step: 0.25 }));
    const ours = kept.map(
      (_, c) => found.filter((of) => (of as { kept: number[] }).kept.includes(c)).length / found.length,
    );
    kept.forEach((share, c) => {
      if (share === 0 || share === 1) expect(ours[c]).toBe(share);
    });
  });
});
