import { describe, expect, test } from "vitest";
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
