/** A look at a table without training on it: what an uploaded dataset is answered with. */
import { type CsvOptions, type CsvSource, scanCsv } from "./csv.ts";
import { type ColumnKind, columnFacts, sampleSize } from "./kind.ts";
import { Sample } from "./sample.ts";

export interface Inspection {
  readonly rows: number;
  /** All columns in order, with the type that the trainer would decide on. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnKind }[];
}

/** Reads a whole CSV stream in bounded memory. Throws DataError where it is not a well-formed table. */
export async function inspectCsv(source: CsvSource, options: CsvOptions = {}): Promise<Inspection> {
  let names: readonly string[] = [];
  const sample = new Sample();
  const rows = await scanCsv(
    source,
    {
      header: (header) => (names = header),
      row: (row) => {
        if (row.row <= sampleSize(names.length)) sample.add(row);
      },
    },
    options,
  );
  const facts = columnFacts(names, sample, { decimal: options.format?.decimal });
  return { rows, columns: facts.map(({ name, kind }) => ({ name, type: kind })) };
}
