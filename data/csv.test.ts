import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLimits, type CsvLimits, type CsvSource, readCsv } from "./csv.ts";
import { DataError } from "./error.ts";

async function read(source: CsvSource, limits: CsvLimits = csvLimits) {
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  const handler = {
    header: (names: readonly string[]) => rows.push(names),
    row: (cells: readonly string[], { line }: { line: number }) => {
      rows.push(cells);
      lines.push(line);
    },
  };
  return { count: await readCsv(source, handler, { limits }), rows, lines };
}

describe("readCsv", () => {
  const tables: Record<string, { csv: string; rows: string[][] }> = {
    "reads a plain table": {
      csv: "a,b\n1,2\n3,4\n",
      rows: [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
      ],
    },
    "needs no newline at the end": {
      csv: "a,b\n1,2",
      rows: [
        ["a", "b"],
        ["1", "2"],
      ],
    },
    "takes line endings of every kind, mixed": { csv: "a\r\n1\n2\r3\r\n", rows: [["a"], ["1"], ["2"], ["3"]] },
    "skips empty lines": { csv: "\na\n\n1\n\n\n2\n\n", rows: [["a"], ["1"], ["2"]] },
    "keeps commas, quotes and newlines of quoted cells": {
      csv: 'a,b\n"x, ""y""","1\n2"\n',
      rows: [
        ["a", "b"],
        ['x, "y"', "1\n2"],
      ],
    },
    "keeps spaces around a cell": {
      csv: "a,b\n x ,1\n",
      rows: [
        ["a", "b"],
        [" x ", "1"],
      ],
    },
    "skips a byte order mark": { csv: "\ufeffa\n1\n", rows: [["a"], ["1"]] },
    "takes __proto__ for a name like any other": {
      csv: "__proto__,b\n1,2\n",
      rows: [
        ["__proto__", "b"],
        ["1", "2"],
      ],
    },
  };
  test.each(Object.entries(tables))("%s", async (_, { csv, rows }) => {
    const table = await read([csv]);
    expect(table.rows).toEqual(rows);
    expect(table.count).toBe(rows.length - 1);
  });

  test("reads the same whatever the chunks, also when they cut a character or a line ending", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "é", "漢", "😀", " ", "1") });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.integer({ min: 1, max: 9 }),
        async (cells, newline, size) => {
          const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const csv = Buffer.from(["a,b", ...cells.map((row) => row.map(quote).join(","))].join(newline));
          const chunks = Array.from({ length: Math.ceil(csv.length / size) }, (_, i) =>
            csv.subarray(i * size, (i + 1) * size),
          );
          expect((await read(chunks)).rows).toEqual([["a", "b"], ...cells]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("tells the line on which a row ends, also after cells of several lines", async () => {
    expect((await read(['a,b\n1,2\n"3\n\n4",5\n\n6,7\n'])).lines).toEqual([2, 5, 7]);
  });

  const small: CsvLimits = { maxRows: 3, maxColumns: 4, maxCellLength: 10, maxRowBytes: 100 };
  const bad: Record<string, { csv: string | Uint8Array; limits?: CsvLimits; message: RegExp }> = {
    "empty data": { csv: "", message: /^The data is empty/ },
    "nothing but empty lines": { csv: "\n\n", message: /^The data is empty/ },
    "a header only": { csv: "a,b\n", message: /header line and no rows/ },
    "a row that is too short": { csv: "a,b\n1,2\n3\n", message: /^row 2 \(line 3\): 1 cells where .* 2 columns/ },
    "a row that is too long": { csv: "a,b\n1,2,3\n", message: /^row 1 \(line 2\): 3 cells/ },
    "a column named twice": { csv: "a,b,a\n1,2,3\n", message: /^column "a": The header names this column twice/ },
    "a column without a name": { csv: "a, ,b\n1,2,3\n", message: /no column 2: the name is empty/ },
    "a name of 300 characters": { csv: `${"n".repeat(300)}\n1\n`, message: /column 1, "n{60}…", is longer than 256/ },
    "too many columns": { csv: "a,b,c,d,e\n1,2,3,4,5\n", limits: small, message: /names 5 columns; at most 4/ },
    "100,000 columns": {
      csv: `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",")}\n`,
      message: /names 100000 columns; at most 10000/,
    },
    "a cell that is too long": {
      csv: "a,b\n1,12345678901\n",
      limits: small,
      message: /^row 1 \(line 2\), column "b": A cell of 11 characters; at most 10/,
    },
    "a cell of 5 MB": { csv: `a,b\n1,${"x".repeat(5e6)}\n`, message: /column "b": A cell of 5000000 characters/ },
    "a row that does not end": {
      csv: `a\n"${"x".repeat(200)}`,
      limits: small,
      message: /^row 1 .* more than 100 bytes/,
    },
    "more rows than are taken": { csv: "a\n1\n2\n3\n4\n", limits: small, message: /^row 4 .* more than 3 rows/ },
    "a quote that is not closed": { csv: 'a,b\n1,"2\n', message: /^row 1 \(line 2\): A quoted cell .* never closed/ },
    "a quote that is not closed, far from the end of the file": {
      csv: `a,b\n1,"2\n${"1,2\n".repeat(50)}`,
      message: /^row 1 \(line 2\): A quoted cell .* never closed/,
    },
    "a quote in the middle of a cell": {
      csv: 'a,b\n1,2\n1,x"y\n',
      message: /^row 2 \(line 3\): A quote in the middle/,
    },
    "text after a closing quote": { csv: 'a,b\n1,"x"y\n', message: /^row 1 \(line 2\): Text follows a closing quote/ },
    "Latin-1": { csv: Buffer.from("a,b\nn\xe9e,2\n", "latin1"), message: /not UTF-8/ },
    "UTF-16": { csv: Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), message: /not UTF-8/ },
    "a character cut off at the end": { csv: Buffer.from("a\né").subarray(0, 3), message: /not UTF-8/ },
  };
  test.each(Object.entries(bad))("refuses %s", async (_, { csv, limits, message }) => {
    const error: unknown = await read([csv], limits).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(message);
  });

  test("stops reading at the first row that is wrong", async () => {
    let taken = 0;
    function* long() {
      yield "a,b\n1\n";
      for (; taken < 1000; taken++) yield "1,2\n";
    }
    await expect(read(long())).rejects.toThrow(DataError);
    expect(taken).toBeLessThan(3);
  });

  test("stops reading a row that does not end", async () => {
    let taken = 0;
    function* long() {
      yield 'a\n"';
      for (; taken < 1000; taken++) yield "x".repeat(60);
    }
    await expect(read(long(), small)).rejects.toThrow(/^row 1 \(line 2\): A row of more than 100 bytes/);
    expect(taken).toBeLessThan(5);
  });

  test("passes on what the source or the handler throws", async () => {
    function* broken() {
      yield "a\n1\n";
      throw new RangeError("gone");
    }
    await expect(read(broken())).rejects.toThrow(RangeError);
    const handler = {
      header: () => undefined,
      row: () => {
        throw new TypeError("no");
      },
    };
    await expect(readCsv(["a\n1\n"], handler)).rejects.toThrow(TypeError);
  });
});
