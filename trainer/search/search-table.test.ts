import { describe, expect, test } from "vitest";
import { readTable } from "../../data/table.ts";
import { lineReader } from "../../model/read.ts";
import { writeLine } from "../../model/write.ts";
import { podConfig } from "../scripted-run.ts";
import { type SearchTable, searchTable } from "./search-table.ts";

const csv = `x,c,y\n${Array.from({ length: 20 }, (_, row) => `${row % 7 === 3 ? "" : row},${["red", "blue", ""][row % 3]},${row % 2 === 0 ? "a" : "b"}`).join("\n")}\n`;

async function tableOf(testFraction = "0.25", target = "y"): Promise<SearchTable> {
  const config = podConfig({
    trainer: { search: { cv: 3 } },
    dataset: { synthetic: undefined, csv, target, testFraction },
  });
  const table = await readTable([csv], { target });
  return searchTable(table, { config, spec: config.trainer.search! });
}

describe("a table that is searched", () => {
  test("is numbers as they are, categories as their code, and NaN where a value is missing", async () => {
    const { data } = await tableOf("0", "y");
    const rows = (count: number): number[][] =>
      Array.from({ length: count }, (_, row) => [...data.x.values.subarray(row * 2, row * 2 + 2)]);
    // Most frequent first: red and blue, 7 times each, by their code units.
    expect(rows(4)).toEqual([
      [0, 1],
      [1, 0],
      [2, NaN],
      [NaN, 1],
    ]);
    expect(data.input).toEqual([{ type: "number" }, { type: "category", categories: 2 }]);
    expect(data.target).toMatchObject({ problemType: "classification", classes: 2 });
    expect(data.scorer).toBe("accuracy");
  });

  test("keeps the rows that are held out from all trials", async () => {
    const [all, part] = [await tableOf("0"), await tableOf()];
    expect(all.data).not.toHaveProperty("heldOut");
    expect(part.rows).toEqual({ train: 15, test: 5 });
    expect(part.data.x.rows).toBe(15);
    expect(part.data.heldOut?.x.rows).toBe(5);
    expect(part.data.folds.flatMap((fold) => [...fold]).toSorted((a, b) => a - b)).toEqual([...Array(15).keys()]);
    // Every row of the table is in one of them: each x that is there occurs once.
    const xs = [part.data.x, part.data.heldOut!.x].flatMap(({ values }) =>
      Array.from(values.filter((_, at) => at % 2 === 0)),
    );
    expect(xs.filter((x) => !Number.isNaN(x)).toSorted((a, b) => a - b)).toEqual(
      [...Array(20).keys()].filter((row) => row % 7 !== 3),
    );
  });

  test("has a header that the model's reader takes", async () => {
    const { header } = await tableOf();
    const text = writeLine({ ...header, search: { pipeline: "ridge", steps: 2 } });
    expect(lineReader().next(text)).toMatchObject({
      trainer: "search",
      grower: "traintask-search/1",
      classes: ["a", "b"],
      columns: [
        { name: "x", type: "number", missing: true, edges: [] },
        { name: "c", type: "category", missing: true, categories: ["blue", "red"] },
      ],
      rows: 15,
    });
  });

  test("warns where no row can be held out", async () => {
    expect((await tableOf("0.000001")).warnings).toEqual([
      "testFraction 0.000001 of 20 rows is none: there is no held-out score.",
    ]);
  });
});
