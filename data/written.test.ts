/** Tables as they are written: weights, formats, dates, and what of all that the digest sees. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CsvFormat } from "./csv-format.ts";
import { readTable, type Table, type TableOptions } from "./table.ts";

const table = (csv: string, options: Partial<TableOptions> = {}): Promise<Table> =>
  readTable([csv], { target: "y", ...options });

describe("the weights", () => {
  test("are a column that is no feature: one number of at least 0 per row", async () => {
    const { columns, weights } = await table("x,w,y\n1,0,1\n2,2.5,2\n3, 1e3 ,3\n", { weight: "w" });
    expect(weights).toEqual(Float64Array.of(0, 2.5, 1000));
    expect(columns.map(({ name }) => name)).toEqual(["x"]);
  });

  test("are none unless they are asked for", async () => {
    expect(await table("x,w,y\n1,1,1\n2,2,2\n")).not.toHaveProperty("weights");
  });
});

describe("a table written in another way", () => {
  const plain = "x,c,y\n1.5,a,1.25\n-2.5e2,b;,2\n,a,3\n";
  const same: Record<string, { csv: string; format: CsvFormat }> = {
    "with semicolons and decimal commas": {
      csv: 'x;c;y\n1,5;a;1,25\n-2,5e2;"b;";2\n;a;3\n',
      format: { separator: ";", decimal: "," },
    },
    "with tabs": { csv: "x\tc\ty\n1.5\ta\t1.25\n-2.5e2\tb;\t2\n\ta\t3\n", format: { separator: "\t" } },
    "with bars and apostrophes": {
      csv: "x|c|y\n1.5|a|1.25\n'-2.5e2'|'b;'|2\n|a|3\n",
      format: { separator: "|", quote: "'" },
    },
  };
  test.each(Object.entries(same))("%s is the same table", async (_, { csv, format }) => {
    const { columns, target, digest } = await table(csv, { format });
    const expected = await table(plain);
    expect({ columns, target }).toEqual({ columns: expected.columns, target: expected.target });
    // Cells are hashed as they are written, decimal marks included.
    expect(digest === expected.digest).toBe(format.decimal === undefined);
  });

  test("reads numbers that only Number() can, with decimal commas too", async () => {
    const { columns } = await table("x;y\n 1,5 ;1\n1234567890,25;2\n", {
      format: { separator: ";", decimal: "," },
    });
    expect(columns[0]).toMatchObject({ values: Float64Array.of(1.5, 1234567890.25) });
  });
});

describe("a column of dates", () => {
  const dates = { "ISO dates": "2026-01-31", "a time": "2026-01-31 10:15", "day/month/year": "31/1/2026" };
  test.each(Object.entries(dates))("is refused where nobody has said what to make of it: %s", async (_, date) => {
    const csv = `d,x,y\n${date},1,1\n${date},2,2\n`;
    await expect(table(csv)).rejects.toThrow(/^column "d": The column holds dates/);
    const declared = (type: "ignore" | "category") => table(csv, { columns: [{ name: "d", type }] });
    expect((await declared("ignore")).columns).toHaveLength(1);
    expect((await declared("category")).columns).toHaveLength(2);
  });

  const others = ["2026", "20260131", "1.2.3", "10/20", "13/13/2026", "2026-13-32", "0/1/2026", "1-2-3", "555-1234"];
  test.each(others)("is not what consists of %s", async (cell) => {
    expect((await table(`d,x,y\n${cell},1,1\n${cell},2,2\n`)).columns).toHaveLength(2);
  });

  test("is not one with a single other text in it", async () => {
    expect((await table("d,x,y\n2026-01-31,1,1\nsoon,2,2\nsoon,3,3\n2026-01-31,4,4\n")).columns).toHaveLength(2);
  });
});

describe("the digest", () => {
  test("is that of the names and cells as JSON lines", async () => {
    const { digest } = await table('x,y\n1,"a"\n2,b\n');
    // printf '["x","y"]\n["1","a"]\n["2","b"]\n' | sha256sum
    expect(digest).toBe("sha256:f9887ebef4b7e8b2638bb1ce156efda865c52c50b70c7e28de1ec5dab98b4523");
  });

  test("does not depend on chunks, quotes or line endings", async () => {
    const { digest } = await table("x,y\n1,a\n2,b\n");
    expect((await table('"x","y"\r\n"1","a"\r\n2,b')).digest).toBe(digest);
    expect((await readTable(["x,", "y\n1,a", "\n2,b\n"], { target: "y" })).digest).toBe(digest);
  });

  test("is that of JSON lines for texts of any kind, in cells of any length", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "b", "0", '"', "\\", "\t", "\u0001", "\u007f", "é", "😀", " "),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 9000 }),
        async (cells, times) => {
          const texts = [...cells, cells[0]!.repeat(Math.min(times, 2500))];
          const rows = [["x", "z", "y"], ...texts.map((text, row) => [text, "1", `${row}`])];
          const csv = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join("\n");
          const hash = createHash("sha256");
          for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
          const options = { columns: [{ name: "x", type: "category" as const }] };
          expect((await table(csv, options)).digest).toBe(`sha256:${hash.digest("hex")}`);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("differs when any cell, name or order of rows does", async () => {
    const cell = fc.constantFrom("a", "b", ",", "1", "", '","', "\n");
    const rows = fc.array(fc.tuple(cell, fc.constantFrom("k", "l")), { minLength: 2, maxLength: 3 });
    const csv = (cells: string[][]): string =>
      ["x,c,y", ...cells.map(([x, y]) => `"${x!.replaceAll('"', '""')}",1,${y}`), "p,1,k", "q,1,l"].join("\n");
    await fc.assert(
      fc.asyncProperty(rows, rows, async (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect((await table(csv(a))).digest === (await table(csv(b))).digest).toBe(same);
      }),
      { numRuns: 200 },
    );
  });
});
