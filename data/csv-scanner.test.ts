import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "./csv.ts";
import type { CsvFormat } from "./csv-format.ts";
import { DataError } from "./error.ts";

type Verdict = readonly (readonly string[])[] | "refused";

/** Header and rows as ours reads them, from chunks of so many bytes. */
async function ours(csv: Buffer, format: CsvFormat, size = csv.length): Promise<Verdict> {
  const rows: (readonly string[])[] = [];
  const chunks = Array.from({ length: Math.ceil(csv.length / size) }, (_, i) => csv.subarray(i * size, (i + 1) * size));
  try {
    await readCsv(chunks, { header: (names) => rows.push(names), row: (cells) => rows.push(cells) }, { format });
    return rows;
  } catch (error) {
    if (error instanceof DataError) return "refused";
    throw error;
  }
}

/** The same by the library, with the rules for tables that stand above it. */
function theirs(csv: Buffer, { separator = ",", quote = '"' }: CsvFormat): Verdict {
  let rows: string[][];
  try {
    rows = parse(csv, {
      bom: true,
      delimiter: separator,
      quote,
      escape: quote,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch {
    return "refused";
  }
  const [names = [], ...rest] = rows;
  const good = names.every((name) => name.trim() !== "") && new Set(names).size === names.length && rest.length > 0;
  return good && rest.every((row) => row.length === names.length) ? rows : "refused";
}

const formats = fc.record<CsvFormat>({
  separator: fc.constantFrom(",", ";", "\t", "|", ":"),
  quote: fc.constantFrom('"', "'"),
});
const newline = fc.constantFrom("\n", "\r\n", "\r");
const text = fc.string({
  unit: fc.constantFrom("a", ",", ";", '"', "'", "\n", "\r", "é", "漢", "😀", " ", "1"),
  maxLength: 5,
});

/** Tables as programs write them: quoted where need be, or everywhere. */
const written = fc
  .tuple(formats, fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean(), fc.constantFrom("", "\ufeff"))
  .chain(([format, columns, always, last, mark]) => {
    const { separator = ",", quote = '"' } = format;
    const cell = text.map((content) =>
      always || /[,;\t|:"'\r\n]/.test(content) ? quote + content.replaceAll(quote, quote + quote) + quote : content,
    );
    const line = fc.tuple(fc.array(cell, { minLength: columns, maxLength: columns }), newline);
    const header = Array.from({ length: columns }, (_, i) => `c${i}`).join(separator);
    return fc.array(line, { maxLength: 5 }).map((lines) => {
      const body = lines.map(([cells, end]) => cells.join(separator) + end).join("");
      return { format, csv: Buffer.from(`${mark}${header}\n${last ? body : body.replace(/[\r\n]+$/, "")}`) };
    });
  });

/** Anything that consists of what matters. */
const soup = fc
  .tuple(
    formats,
    fc.array(fc.constantFrom("a", "b", ",", ";", '"', "'", "\n", "\r", "\r\n", "é", " ", "a,b", '"x"'), {
      maxLength: 25,
    }),
  )
  .map(([format, parts]) => ({ format: parts.length % 2 === 0 ? {} : format, csv: Buffer.from(parts.join("")) }));

describe("the scanner reads what csv-parse reads, and refuses what it refuses", () => {
  const inputs = { "tables as programs write them": written, "any sequence of marks": soup };
  test.each(Object.entries(inputs))("%s", async (_, input) => {
    const property = fc.asyncProperty(input, fc.integer({ min: 1, max: 9 }), async ({ format, csv }, size) => {
      const expected = theirs(csv, format);
      expect(await ours(csv, format)).toEqual(expected);
      expect(await ours(csv, format, size)).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 4000 });
  });
});
