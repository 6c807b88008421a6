/** A look at a table without training on it: what an uploaded dataset is answered with. */
import { type CsvLimits, csvLimits, type CsvSource, readCsv } from "./csv.ts";
import { type ColumnKind, columnFacts, sampleSize } from "./kind.ts";

export interface Inspection {
  readonly rows: number;
  /** All columns in order, with the type that the trainer would decide on. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnKind }[];
}

/** Reads a whole CSV stream in bounded memory. Throws DataError where it is not a well-formed table. */
export async function inspectCsv(source: CsvSource, limits: CsvLimits = csvLimits): Promise<Inspection> {
  let names: readonly string[] = [];
  const sample: (readonly string[])[] = [];
  const rows = await readCsv(
    source,
    {
      header: (header) => (names = header),
      row: (cells) => {
        if (sample.length < sampleSize(names.length)) sample.push(cells);
      },
    },
    limits,
  );
  return { rows, columns: columnFacts(names, sample).map(({ name, kind }) => ({ name, type: kind })) };
}
