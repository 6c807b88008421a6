import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CsvFormat } from "./csv-format.ts";
import { DataError } from "./error.ts";
import { readTable, type Table, type TableOptions } from "./table.ts";

const table = (csv: string, options: Partial<TableOptions> = {}): Promise<Table> =>
  readTable([csv], { target: "y", ...options });
/** A table of one column and a numeric target, so that only the column is of interest. */
const column = (cells: readonly string[], options: Partial<TableOptions> = {}): Promise<Table> =>
  table(`x,z,y\n${cells.map((cell, row) => `${cell},${row},${row + 0.5}`).join("\n")}\n`, options);

describe("types of columns", () => {
  const cases: Record<string, { cells: string[]; type: string }> = {
    "decimal numbers are numbers": { cells: ["1", "-2.5", "+.5", "1e-3", "3."], type: "number" },
    "spaces around a number do not count": { cells: [" 1", "2 "], type: "number" },
    "numbers with missing values are numbers": { cells: ["1", "", "NA", "NaN", "null", "None", "2"], type: "number" },
    "texts are categories": { cells: ["a", "b", "a", "b"], type: "category" },
    "a single text among numbers makes categories": { cells: ["1", "1", "1", "b"], type: "category" },
    "hexadecimal is text": { cells: ["0x10", "0x10"], type: "category" },
    "a thousands separator is text": { cells: ['"1,000"', '"1,000"'], type: "category" },
  };
  test.each(Object.entries(cases))("%s", async (_, { cells, type }) => {
    expect((await column(cells)).columns[0]!.type).toBe(type);
  });

  test("a number column holds its values, NaN where one is missing", async () => {
    const { columns } = await column(["1.5", "", "None", "-2e3", "NA"]);
    expect(columns[0]).toEqual({ name: "x", type: "number", values: Float64Array.of(1.5, NaN, NaN, -2000, NaN) });
  });

  test("categories stand most frequent first, ties by code unit; missing ones have code 255", async () => {
    const { columns } = await column(["b", "é", "a", "b", "NA", "a", "Z", "Z", "c", "b", "b"]);
    expect(columns[0]).toEqual({
      name: "x",
      type: "category",
      categories: ["b", "Z", "a", "c", "é"],
      codes: Uint8Array.of(0, 4, 2, 0, 255, 2, 1, 1, 3, 0, 0),
    });
  });

  test("254 categories are kept, the rarest count as missing, with a warning", async () => {
    const frequent = Array.from({ length: 254 }, (_, i) => `f${i}`);
    const { columns, warnings } = await column([...frequent, ...frequent, ...frequent, "rare", "rare"]);
    const [x] = columns;
    if (x?.type !== "category") throw new Error("x is not a category column");
    expect(x.categories).toHaveLength(254);
    expect(x.categories).not.toContain("rare");
    expect(Array.from(x.codes.slice(-2))).toEqual([255, 255]);
    expect(warnings.join()).toMatch(/"x" has 255 different texts: the 254 most frequent/);
  });

  test("text of which more than half is distinct is ignored with a warning, exactly half is kept", async () => {
    const ignored = await column(["a", "b", "a"]);
    expect(ignored.columns.map(({ name }) => name)).toEqual(["z"]);
    expect(ignored.warnings).toEqual([expect.stringMatching(/^Column "x" is ignored: more than half/)]);
    expect((await column(["a", "b", "a", "b"])).warnings).toEqual([]);
  });

  test("a declared type wins over what the cells look like", async () => {
    const declared = (type: "number" | "category" | "ignore") => ({ columns: [{ name: "x", type }] });
    expect((await column(["a", "b", "c"], declared("category"))).columns[0]!.type).toBe("category");
    expect((await column(["1", "2", "3"], declared("category"))).columns[0]!.type).toBe("category");
    const ignored = await column(["a", "b", "c"], declared("ignore"));
    expect(ignored.columns.map(({ name }) => name)).toEqual(["z"]);
    expect(ignored.warnings).toEqual([]);
  });

  test("a column without any value is ignored with a warning", async () => {
    const { columns, warnings } = await column(["", "NA", "null"]);
    expect(columns.map(({ name }) => name)).toEqual(["z"]);
    expect(warnings).toEqual(['Column "x" is ignored: it has no value in any row.']);
  });

  test("the first 10,000 rows decide: text in row 10,000 makes categories, in row 10,001 it is an error there", async () => {
    const cells = (at: number): string[] => Array.from({ length: 10_050 }, (_, row) => (row + 1 === at ? "x" : "1"));
    expect((await column(cells(10_000))).columns[0]!.type).toBe("category");
    await expect(column(cells(10_001))).rejects.toThrow(/^row 10001 \(line 10002\), column "x": "x" is not a number/);
  });

  test("more rows than the builders begin with are all kept", async () => {
    const cells = Array.from({ length: 12_345 }, (_, row) => `${row}`);
    const { columns, rows } = await column(cells);
    expect(rows).toBe(12_345);
    expect(columns[0]).toEqual({ name: "x", type: "number", values: Float64Array.from(cells, Number) });
  });
});

describe("the target", () => {
  test("of texts is classification, its labels kept as written", async () => {
    const { target } = await table("x,y\n1,no \n2,01\n3,no \n4,1\n");
    expect(target).toEqual({
      name: "y",
      problemType: "classification",
      classes: ["no ", "01", "1"],
      codes: Uint16Array.of(0, 1, 0, 2),
    });
  });

  test("of numbers is regression", async () => {
    const { target, warnings } = await table("x,y\n1,1.5\n2,2\n");
    expect(target).toEqual({ name: "y", problemType: "regression", values: Float64Array.of(1.5, 2) });
    expect(warnings).toEqual([]);
  });

  test("of a few whole numbers is regression with a warning", async () => {
    const { target, warnings } = await table("x,y\n1,0\n2,1\n3,1\n4,0\n");
    expect(target.problemType).toBe("regression");
    expect(warnings).toEqual([expect.stringMatching(/^Target "y" has 2 different whole numbers .* classification/)]);
  });

  test("is what the problem type says, whatever its cells look like", async () => {
    const { target } = await table("x,y\n1,01\n2,1\n3,1.0\n", { problemType: "classification" });
    expect(target).toMatchObject({ classes: ["01", "1", "1.0"] });
  });

  test("declared as a category is classification, and may have labels that all differ", async () => {
    const { target } = await table("x,y\n1,0\n2,1\n", { columns: [{ name: "y", type: "category" }] });
    expect(target).toMatchObject({ problemType: "classification", classes: ["0", "1"] });
    expect((await table("x,y\n1,a\n2,b\n3,c\n")).target).toMatchObject({ classes: ["a", "b", "c"] });
  });

  test("warns of classes that have one row only", async () => {
    const { warnings } = await table("x,y\n1,a\n2,a\n3,b\n4,c\n");
    expect(warnings).toEqual(['Target "y": 2 of 3 classes have one row only.']);
  });
});

describe("data that cannot be trained on", () => {
  const cases: Record<string, { csv: string; options?: Partial<TableOptions>; message: RegExp }> = {
    "has no such target": { csv: "x,z\n1,2\n", message: /^Target: the data has no column "y"; it has "x", "z"\./ },
    "has no such declared column": {
      csv: "x,y\n1,2\n",
      options: { columns: [{ name: "w", type: "number" }] },
      message: /^dataset\.columns: the data has no column "w"/,
    },
    "has a column declared twice": {
      csv: "x,y\n1,2\n",
      options: {
        columns: [
          { name: "x", type: "number" },
          { name: "x", type: "category" },
        ],
      },
      message: /^column "x": dataset\.columns declares this column twice/,
    },
    "has its target ignored": {
      csv: "x,y\n1,2\n",
      options: { columns: [{ name: "y", type: "ignore" }] },
      message: /^column "y": dataset\.columns ignores the target/,
    },
    "has one class only": { csv: "x,y\n1,a\n2,a\n", message: /^column "y": Every row has the class "a"/ },
    "misses a label": { csv: "x,y\n1,a\n2,NA\n", message: /^row 2 \(line 3\), column "y": The target has no value/ },
    "misses every target value": { csv: "x,y\n1,\n2,\n", message: /^row 1 \(line 2\), column "y": The target has no/ },
    "misses a number of the target": { csv: "x,y\n1,1\n2,\n", message: /^row 2 .* The target has no value/ },
    "has a text where the target is declared a number": {
      csv: "x,y\n1,1\n2,b\n",
      options: { problemType: "regression" },
      message: /^row 2 \(line 3\), column "y": "b" is not a number\. .*problemType: classification/,
    },
    "has text in a column declared a number": {
      csv: "x,y\n1,1\nb,2\n",
      options: { columns: [{ name: "x", type: "number" }] },
      message: /^row 2 \(line 3\), column "x": "b" is not a number\. .*type category/,
    },
    "has a spelled infinity": {
      csv: "x,y\n1,1\n-Infinity,2\n",
      message: /^row 2 .* "-Infinity" is an infinite number/,
    },
    "has inf": { csv: "x,y\ninf,1\n2,2\n", message: /^row 1 .* "inf" is an infinite number/ },
    "has a number beyond a double": { csv: "x,y\n1e999,1\n2,2\n", message: /^row 1 .* "1e999" is an infinite number/ },
    "has an infinite target": { csv: "x,y\n1,1\n2,inf\n", message: /^row 2 .*column "y": "inf" is an infinite number/ },
    "has the target only": { csv: "y\n1\n2\n", message: /^No column is left to learn from/ },
    "has ids only": {
      csv: "x,y\na,1\nb,2\n",
      message: /^No column is left to learn from .* Column "x" is ignored: .*dataset\.columns/,
    },
    "is separated by semicolons": {
      csv: "x;y\n1;2\n",
      message: /has "x;y"\. Is ";" the separator\? Say so in dataset\.format\.separator/,
    },
    "has the same number for a target in every row": {
      csv: "x,y\n1,5\n2,5\n",
      message: /^column "y": Every row has the value 5: there is nothing to predict\./,
    },
    "has a target whose squares are no doubles": {
      csv: "x,y\n1,1\n2,-1.7e308\n",
      message: /^row 2 \(line 3\), column "y": "-1\.7e308" is too far from 0 to be predicted: at most 1e150/,
    },
    "has more classes than 1000": {
      csv: `x,y\n${Array.from({ length: 1001 }, (_, i) => `${i},c${i}`).join("\n")}\n`,
      message: /^row 1001 \(line 1002\), column "y": The target has more than 1000 classes/,
    },
  };
  test.each(Object.entries(cases))("%s", async (_, { csv, options, message }) => {
    const error: unknown = await table(csv, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(message);
  });
});

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
    const { columns } = await table("x;y\n 1,5 ;1\n1234567890,12345678901;2\n", {
      format: { separator: ";", decimal: "," },
    });
    expect(columns[0]).toMatchObject({ values: Float64Array.of(1.5, 1234567890.12345678901) });
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
          const texts = [...cells, cells[0]!.repeat(times).slice(0, 60_000)];
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
