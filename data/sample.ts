/** The first rows of a table, copied out of the scanner's buffer: they decide the types of columns before they are read. */
import { cellText } from "./csv.ts";
import { type CsvRow, viewOf } from "./csv-row.ts";

export class Sample {
  readonly rows: CsvRow[] = [];

  add({ bytes, starts, ends, cells, row, line }: CsvRow): void {
    const begin = starts[0]!;
    const copy = Buffer.from(bytes.subarray(begin, ends[cells - 1]));
    this.rows.push({
      bytes: copy,
      view: viewOf(copy),
      starts: starts.slice(0, cells).map((place) => place - begin),
      ends: ends.slice(0, cells).map((place) => place - begin),
      cells,
      row,
      line,
    });
  }

  /** The cells of a column. */
  *column(index: number): Generator<string> {
    for (const row of this.rows) yield cellText(row, index);
  }
}
