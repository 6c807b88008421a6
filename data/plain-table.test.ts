/** Tables of more rows than decide on types: those behind them go straight into columns, most of them read in one pass. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMissing, toNumber } from "./cell.ts";
import { DataError } from "./error.ts";
import { readTable, type Table, type TableOptions } from "./table.ts";

const numberLike = fc.stringMatching(/^[-+]?[0-9]{0,10}[.]?[0-9]{0,10}$/);
const text = fc.string({
  unit: fc.constantFrom("a", "7", ".", "-", " ", "\\", "é", "漢", "\t", "\u007f"),
  maxLength: 20,
});

/** The number of rows that decide on types; those behind them are taken at once. */
const sampled = 10_000;
const filler = Array.from({ length: sampled }, (_, i) => [`${i}`, `${i % 7}.5`, `k${i % 3}`, `${i}.25`]);
const columns = [
  { name: "a", type: "number" },
  { name: "b", type: "number" },
  { name: "c", type: "category" },
] as const;
const names = ["a", "b", "c", "y"];

interface Written {
  readonly quote: "always" | "never";
  readonly lineEnd?: string;
  readonly pieces?: number;
}

/** What becomes of a table: itself, or the message of its error. */
async function outcome(
  rows: readonly (readonly string[])[],
  { quote, lineEnd = "\n", pieces = Infinity }: Written,
  options: Partial<TableOptions> = {},
): Promise<Table | string> {
  const separator = options.format?.separator ?? ",";
  const cell = (content: string): string => (quote === "always" ? `"${content}"` : content);
  const csv = Buffer.from([names, ...rows].map((row) => row.map(cell).join(separator) + lineEnd).join(""));
  const chunks = function* (): Generator<Uint8Array> {
    for (let at = 0; at < csv.length; at += pieces) yield csv.subarray(at, at + pieces);
  };
  try {
    return await readTable(chunks(), { target: "y", problemType: "regression", columns, ...options });
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

describe("a table that nothing is quoted in", () => {
  // Quoted cells are read in another way, so one reading says what the other one has to come to.
  test("is the same table as with quotes, or the same error, wherever the pieces of the stream end", async () => {
    const row = fc.tuple(
      fc.oneof(numberLike, fc.constantFrom("-0", "NA", "", "1e5", " 2 ")),
      fc.oneof(numberLike, fc.constantFrom("7")),
      text,
      fc.constantFrom("1", "2.5", "-3"),
    );
    const good = row.map((made) =>
      made.map((content, i) => (i === 2 || isMissing(content) || toNumber(content) !== undefined ? content : "0")),
    );
    const ragged = fc.constantFrom(
      [],
      ["1"],
      ["1", "2", "3", "4", "5"],
      ["1", "2", "z", ""],
      ["x", "1", "z", "1"],
      [".", "1", "", "1e400"],
    );
    const tail = fc.tuple(
      fc.array(good, { maxLength: 200 }),
      fc.option(ragged, { freq: 2, nil: undefined }),
      fc.array(good, { maxLength: 20 }),
    );
    const made = fc.record({
      tail,
      times: fc.integer({ min: 1, max: 30 }),
      pieces: fc.integer({ min: 70_000, max: 300_000 }),
      lineEnd: fc.constantFrom("\n", "\r\n"),
    });
    await fc.assert(
      fc.asyncProperty(made, async ({ tail: [before, wrong, after], times, pieces, lineEnd }) => {
        const many = Array.from({ length: times }, () => before).flat();
        const rows = [...filler, ...many, ...(wrong === undefined ? [] : [wrong]), ...after].filter(
          (one) => one.length > 0,
        );
        const expected = await outcome(rows, { quote: "always" });
        expect(await outcome(rows, { quote: "never", pieces, lineEnd })).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  test("has the values of its texts, in their order", async () => {
    const odd = [
      ["-0", "NA", "x", "1"],
      ["1e5", "", "x y", "2"],
      ["+.5", "5.", "é", "3"],
      ["12345678901234567890", "0.1234567890123456", "\\", "4"],
    ];
    const rows = [...filler, ...filler.slice(0, 3000), ...odd, ...filler.slice(0, 5), ...odd];
    const table = (await outcome(rows, { quote: "never" })) as Table;
    const values = (at: number): number[] => rows.map((row) => (isMissing(row[at]!) ? NaN : Number(row[at]!)));
    expect(table.columns[0]).toMatchObject({ values: Float64Array.from(values(0)) });
    expect(table.columns[1]).toMatchObject({ values: Float64Array.from(values(1)) });
    expect(table.target).toMatchObject({ values: Float64Array.from(values(3)) });
    const hash = createHash("sha256");
    for (const row of [names, ...rows]) hash.update(`${JSON.stringify(row)}\n`);
    expect(table.digest).toBe(`sha256:${hash.digest("hex")}`);
  });

  test("may have quoted rows in its midst, and decimal commas", async () => {
    const comma = [...filler, ...filler].map((row) => row.map((content) => content.replace(".", ",")));
    const format = { separator: ";", decimal: "," } as const;
    const mixed = comma.map((row, i) => (i % 97 === 0 ? row.map((content) => `"${content}"`) : row));
    const expected = await outcome(comma, { quote: "always" }, { format });
    expect(expected).toHaveProperty("rows", 2 * sampled);
    expect(await outcome(mixed, { quote: "never", pieces: 65_536 }, { format })).toEqual(expected);
  });

  test("says in which row and line a column stops being numeric", async () => {
    const rows = [...filler, ...filler, ["1", "soon", "k1", "1"]];
    expect(await outcome(rows, { quote: "never" })).toMatch(
      /^row 20001 \(line 20002\), column "b": "soon" is not a number/,
    );
    expect(await outcome([...rows.slice(0, -1), ["1", "2", "3"]], { quote: "never" })).toMatch(
      /^row 20001 \(line 20002\): 3 cells where the header names 4 columns/,
    );
  });

  test("is bounded as others are", async () => {
    const limits = { maxRows: 5, maxColumns: 10, maxCellLength: 20, maxRowBytes: 40 };
    const read = (row: string[]): Promise<Table | string> => outcome([row, row, row], { quote: "never" }, { limits });
    expect(await read(["1", "2", "x".repeat(20), "1"])).not.toMatch(/characters|bytes/);
    expect(await read(["1", "2", "x".repeat(21), "1"])).toMatch(
      /^row 1 \(line 2\), column "c": A cell of 21 characters/,
    );
    expect(await read(["1", "2", "x".repeat(36), "1"])).toMatch(/^row 1 \(line 2\): A row of more than 40 bytes/);
    expect(await outcome(filler, { quote: "never" }, { limits })).toMatch(
      /^row 6 \(line 7\): A table of more than 5 rows/,
    );
  });

  test("is read beside another one, piece by piece in turn", async () => {
    const all = await Promise.all([
      outcome(filler, { quote: "never", pieces: 1000 }),
      outcome(filler.toReversed(), { quote: "never", pieces: 999 }),
    ]);
    expect(all).toEqual([
      await outcome(filler, { quote: "always" }),
      await outcome(filler.toReversed(), { quote: "always" }),
    ]);
  });
});
