import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvFormat, marksOf } from "./csv-format.ts";
import { PlainRow } from "./plain-row.ts";

/** Cells that are numbers, nearly numbers, or neither; of every length around a vector of sixteen bytes. */
const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`));
const numberLike = fc
  .tuple(fc.constantFrom("", "", "-", "+"), digits(10), fc.constantFrom("", "."), digits(10))
  .map((parts) => parts.join(""));
const text = fc.string({
  unit: fc.constantFrom("a", "7", ".", "-", "+", "e", " ", "\\", "é", "漢", "\t", "\u007f"),
  maxLength: 20,
});
const oddCells = [
  "-0",
  "+1",
  " 1",
  "1 ",
  "1e5",
  ".5",
  "5.",
  ".",
  "-",
  "-.5",
  "+-1",
  "1.2.3",
  "0x1f",
  "NA",
  "",
  "é1",
  "00012",
];
const cells = fc.oneof(numberLike, numberLike, text, fc.constantFrom(...oddCells));

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A row of cells as it is read in one pass. */
function readPlain(
  csv: string,
  format: CsvFormat = {},
): { numbers: number[]; texts: string[]; json: string } | undefined {
  const row = new PlainRow(marksOf(format));
  const bytes = Buffer.from(csv);
  const behind = row.read(bytes, 0, bytes.length);
  if (behind === 0) return undefined;
  expect(behind).toBe(bytes.length);
  const texts = Array.from({ length: row.cells }, (_, i) => row.bytes.toString("utf8", row.starts[i], row.ends[i]));
  const json = Buffer.from(row.json.subarray(0, row.jsonLength)).toString();
  return { numbers: [...row.numbers.subarray(0, row.cells)], texts, json };
}

describe("a row that is read in one pass", () => {
  test("has the numbers of Number(), leaves what is long or odd to it, and is hashed as JSON", () => {
    const property = fc.property(
      fc.array(cells, { minLength: 1, maxLength: 6 }),
      fc.constantFrom("\n", "\r\n"),
      (row, end) => {
        const plain = readPlain(row.join(",") + end);
        const isPlain = !row.some((cell) => /[\\\t]/.test(cell));
        const numbers = row.map((cell) => (plainNumber.test(cell) && cell.length <= 15 ? Number(cell) : NaN));
        expect(plain).toEqual(isPlain ? { texts: row, numbers, json: `${JSON.stringify(row)}\n` } : undefined);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  const numbers = [
    "0",
    "-0",
    "+5",
    ".5",
    "-.5",
    "5.",
    "007",
    "0.1",
    "-12.75",
    "123456789012345",
    "-1234567890.123",
    ".00000000000001",
  ];
  test.each(numbers)("makes a number of %s", (cell) => {
    expect(readPlain(`${cell},x\n`)?.numbers[0]).toBe(Number(cell));
    expect(readPlain(`x,${cell}\n`)?.numbers[1]).toBe(Number(cell));
  });

  const left = [
    "",
    ".",
    "-",
    "+.",
    "--1",
    "1-2",
    "1.2.3",
    "1e5",
    " 1",
    "1 ",
    "0x1",
    "inf",
    "1;5",
    "1234567890123456",
    "é",
  ];
  test.each(left)("leaves %j to those who read texts", (cell) => {
    expect(readPlain(`1,${cell},2\n`)?.numbers).toEqual([1, NaN, 2]);
  });

  test("has no decimal mark but the table's, and its separator before that", () => {
    expect(readPlain("1,5;2.5\n", { separator: ";", decimal: "," })?.numbers).toEqual([1.5, NaN]);
    expect(readPlain("1,5\n", { decimal: "," })?.numbers).toEqual([1, 5]);
  });

  const others = ['1,"2"\n', '1,2"\n', "1,\\\n", "1,\u0001\n", "1,2\r3,4\n", "1,2", "1,2\r", ""];
  test.each(others)("is not %j", (csv) => expect(readPlain(csv)).toBeUndefined());

  test("is not one that JSON writes in another way, whatever the table's quotes are", () => {
    expect(readPlain('1,a"b\n', { quote: "'" })).toBeUndefined();
    expect(readPlain("1,a'b\n")?.texts).toEqual(["1", "a'b"]);
  });

  test("may stand anywhere, also where the window on the bytes ends, and where another row has used it since", () => {
    const [one, other] = [new PlainRow(marksOf()), new PlainRow(marksOf())];
    const csv = Buffer.from("1,2.5\r\n".repeat(50_000));
    const strange = Buffer.from("odd\n".repeat(30_000));
    const wrong: number[] = [];
    for (let at = 0; at < csv.length; at += 7) {
      const behind = one.read(csv, at, csv.length);
      if (behind !== at + 7 || one.cells !== 2 || one.numbers[1] !== 2.5) wrong.push(at);
      if (at % 210_000 === 0) other.read(strange, 0, strange.length);
    }
    expect(wrong).toEqual([]);
  });

  test("may have any number of cells and bytes: what there is no room for is left to others", async () => {
    const wide = Array.from({ length: 20_000 }, (_, i) => `${i}`).join(",");
    expect(readPlain(`${wide}\n`)).toBeUndefined();
    expect(readPlain(`${",".repeat(16_383)}\n`)?.texts).toHaveLength(16_384);
    expect(readPlain(`${",".repeat(16_384)}\n`)).toBeUndefined();
    expect(readPlain(`${"x".repeat(131_071)}\n`)?.texts[0]).toHaveLength(131_071);
    expect(readPlain(`${"x".repeat(131_072)}\n`)).toBeUndefined();
  });
});
