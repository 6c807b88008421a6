/**
 * A CSV stream as a table to train on: typed columns, a target, weights, a digest, and warnings about what a person should
 * know. The first rows are held until they have decided the columns' types; from then on each row goes straight into typed
 * arrays, and a cell that does not fit ends the reading with its row and column.
 */
import type { TableColumn } from "./column.ts";
import { type CsvOptions, type CsvSource, scanCsv } from "./csv.ts";
import { DataError } from "./error.ts";
import { columnFacts, type DeclaredColumn, noSuchColumn, sampleSize } from "./kind.ts";
import { RowDigest } from "./row-digest.ts";
import { Sample } from "./sample.ts";
import { TableBuilder } from "./table-builder.ts";
import type { ProblemType, Target } from "./target.ts";

export interface Table {
  readonly rows: number;
  /** What can be learned from: without the target, weights, ignored columns, and columns that have no value at all. */
  readonly columns: readonly TableColumn[];
  readonly target: Target;
  /** How much each row counts, if the table says so: finite, at least 0, not all 0. */
  readonly weights?: Float64Array<ArrayBuffer>;
  readonly warnings: readonly string[];
  /** `sha256:<hex>` of the names and cells of the whole table, whatever the quoting, line endings or chunks. */
  readonly digest: string;
}

export interface TableOptions extends CsvOptions {
  readonly target: string;
  readonly problemType?: ProblemType | undefined;
  readonly columns?: readonly DeclaredColumn[] | undefined;
  /** The column of row weights. */
  readonly weight?: string | undefined;
}

/** Reads a whole table. Throws DataError for data that cannot be trained on. */
export async function readTable(source: CsvSource, options: TableOptions): Promise<Table> {
  const digest = new RowDigest();
  const sample = new Sample();
  let names: readonly string[] = [];
  let builder: TableBuilder | undefined;
  const decide = (): TableBuilder => {
    const facts = columnFacts(names, sample, { declared: options.columns, decimal: options.format?.decimal });
    const decided = new TableBuilder(facts, options);
    for (const row of sample.rows) decided.push(row);
    sample.rows.length = 0;
    return decided;
  };
  const rows = await scanCsv(
    source,
    {
      header(header, row) {
        names = header;
        const { target, weight = target } = options;
        if (!names.includes(target)) throw new DataError(`Target: ${noSuchColumn(target, names)}`);
        if (!names.includes(weight)) throw new DataError(`dataset.weight: ${noSuchColumn(weight, names)}`);
        digest.add(row);
      },
      row(row) {
        digest.add(row);
        if (builder !== undefined) return builder.push(row);
        sample.add(row);
        if (row.row === sampleSize(names.length)) builder = decide();
      },
    },
    options,
  );
  builder ??= decide();
  return { rows, ...builder.finish(rows), digest: digest.finish() };
}
