import { describe, expect, test } from "vitest";
import { DataError } from "./error.ts";
import { inspectCsv } from "./inspect.ts";
import { parseRows, type RowColumn } from "./rows.ts";

const columns: RowColumn[] = [
  { name: "n", type: "number" },
  { name: "c", type: "category" },
];

describe("parseRows", () => {
  test("reads numbers, texts and missing values by the model's columns, in whatever order the table has them", async () => {
    expect(await parseRows(["c,n\na,1.5\nNA,\n7, 2 \n"], { columns })).toEqual([
      { n: 1.5, c: "a" },
      { n: null, c: null },
      { n: 2, c: "7" },
    ]);
  });

  test("skips columns that the model does not know, whatever they hold", async () => {
    expect(await parseRows(["n,extra,c\n1,inf,b\n"], { columns })).toEqual([{ n: 1, c: "b" }]);
  });

  test("takes __proto__ for a column like any other", async () => {
    const [row] = await parseRows(["__proto__\n1\n"], { columns: [{ name: "__proto__", type: "number" }] });
    expect(Object.entries(row!)).toEqual([["__proto__", 1]]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  const bad: Record<string, { csv: string; message: RegExp }> = {
    "a table without a column of the model": {
      csv: "n\n1\n",
      message: /^The model needs it, .*no column "c"; it has "n"/,
    },
    "text where the model has a number": {
      csv: "n,c\n1,a\nx,a\n",
      message: /^row 2 \(line 3\), column "n": "x" is not a/,
    },
    "an infinite number": { csv: "n,c\ninf,a\n", message: /^row 1 \(line 2\), column "n": "inf" is not a finite/ },
    "a ragged row": { csv: "n,c\n1\n", message: /^row 1 \(line 2\): 1 cells/ },
    "no rows": { csv: "n,c\n", message: /no rows/ },
  };
  test.each(Object.entries(bad))("refuses %s", async (_, { csv, message }) => {
    const error: unknown = await parseRows([csv], { columns }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(message);
  });
});

describe("inspectCsv", () => {
  test("counts rows and tells each column's type as the trainer would decide it", async () => {
    expect(await inspectCsv(["n,c,id\n1,a,x\n,b,y\n2,a,z\n3,b,w\n"])).toEqual({
      rows: 4,
      columns: [
        { name: "n", type: "number" },
        { name: "c", type: "category" },
        { name: "id", type: "ignore" },
      ],
    });
  });

  test("looks at the first 10,000 rows for the types and at all for the shape", async () => {
    const rows = (count: number, last: string): string => `n\n${"1\n".repeat(count)}${last}\n`;
    expect(await inspectCsv([rows(10_000, "text")])).toEqual({
      rows: 10_001,
      columns: [{ name: "n", type: "number" }],
    });
    await expect(inspectCsv([rows(10_000, "1,2")])).rejects.toThrow(/^row 10001/);
  });
});
