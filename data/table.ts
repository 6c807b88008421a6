/**
 * A CSV stream as a table to train on: typed columns, a target, a digest, and warnings about what a person should know.
 * The first rows are held until they have decided the columns' types; from then on each row goes straight into typed
 * arrays, and a cell that does not fit ends the reading with its row and column.
 */
import { createHash } from "node:crypto";
import { categoryColumn, maxCategories, NumberBuilder, type TableColumn, TextBuilder } from "./column.ts";
import { type CsvLimits, csvLimits, type CsvSource, readCsv, type RowPosition } from "./csv.ts";
import { DataError, quoted } from "./error.ts";
import { type ColumnFacts, columnFacts, type DeclaredColumn, noSuchColumn, sampleSize } from "./kind.ts";
import { type ProblemType, problemTypeOf, type Target, targetBuilder, type TargetBuilder } from "./target.ts";

export interface Table {
  readonly rows: number;
  /** What can be learned from: without the target, ignored columns, and columns that have no value at all. */
  readonly columns: readonly TableColumn[];
  readonly target: Target;
  readonly warnings: readonly string[];
  /** `sha256:<hex>` of the names and cells of the whole table, whatever the quoting, line endings or chunks. */
  readonly digest: string;
}

export interface TableOptions {
  readonly target: string;
  readonly problemType?: ProblemType | undefined;
  readonly columns?: readonly DeclaredColumn[] | undefined;
  readonly limits?: CsvLimits;
}

/** Reads a whole table. Throws DataError for data that cannot be trained on. */
export async function readTable(source: CsvSource, options: TableOptions): Promise<Table> {
  const digest = rowDigest();
  let names: readonly string[] = [];
  let sample: { cells: readonly string[]; position: RowPosition }[] = [];
  let builders: Builders | undefined;
  const decide = (): Builders => {
    const cells = sample.map((row) => row.cells);
    const decided = new Builders(columnFacts(names, cells, options.columns), options);
    for (const row of sample) decided.push(row.cells, row.position);
    sample = [];
    return decided;
  };
  const rows = await readCsv(
    source,
    {
      header(header) {
        names = header;
        if (!names.includes(options.target)) throw new DataError(`Target: ${noSuchColumn(options.target, names)}`);
        digest.add(names);
      },
      row(cells, position) {
        digest.add(cells);
        if (builders !== undefined) return builders.push(cells, position);
        sample.push({ cells, position });
        if (sample.length === sampleSize(names.length)) builders = decide();
      },
    },
    options.limits ?? csvLimits,
  );
  builders ??= decide();
  return { rows, ...builders.finish(rows), digest: digest.finish() };
}

/** One builder per column that is kept, each with the index of its cell in a row. */
class Builders {
  readonly #features: { index: number; builder: NumberBuilder | TextBuilder }[] = [];
  readonly #target: { index: number; builder: TargetBuilder };
  readonly #warnings: string[] = [];

  constructor(facts: readonly ColumnFacts[], options: TableOptions) {
    const index = facts.findIndex(({ name }) => name === options.target);
    const target = facts[index]!;
    if (target.kind === "ignore" && !target.looksLikeId) {
      throw new DataError("dataset.columns ignores the target.", { column: target.name });
    }
    this.#target = { index, builder: targetBuilder(target.name, problemTypeOf(target, options.problemType)) };
    facts.forEach(({ name, kind, looksLikeId }, column) => {
      if (column === index) return;
      if (kind === "number") this.#features.push({ index: column, builder: new NumberBuilder(name) });
      if (kind === "category") this.#features.push({ index: column, builder: new TextBuilder(name) });
      if (looksLikeId) {
        this.#warnings.push(
          `Column ${quoted(name)} is ignored: more than half of its texts differ from each other, as names or ids do. ` +
            "To use it, declare it in dataset.columns with type category.",
        );
      }
    });
  }

  push(cells: readonly string[], position: RowPosition): void {
    this.#target.builder.push(cells[this.#target.index]!, position);
    for (const { index, builder } of this.#features) builder.push(cells[index]!, position);
  }

  finish(rows: number): Pick<Table, "columns" | "target" | "warnings"> {
    const { target, warnings } = this.#target.builder.finish();
    const present = this.#features.filter(({ builder }) => {
      if (builder.missing < rows) return true;
      this.#warnings.push(`Column ${quoted(builder.name)} is ignored: it has no value in any row.`);
      return false;
    });
    if (present.length === 0) {
      throw new DataError(["No column is left to learn from besides the target.", ...this.#warnings].join(" "));
    }
    const columns = present.map(({ builder }) => this.#column(builder));
    return { columns, target, warnings: [...warnings, ...this.#warnings] };
  }

  #column(builder: NumberBuilder | TextBuilder): TableColumn {
    if (builder instanceof NumberBuilder) return { name: builder.name, type: "number", values: builder.finish() };
    if (builder.distinct > maxCategories) {
      this.#warnings.push(
        `Column ${quoted(builder.name)} has ${builder.distinct} different texts: ` +
          `the ${maxCategories} most frequent are categories, the others count as missing.`,
      );
    }
    return categoryColumn(builder);
  }
}

/** SHA-256 over rows as JSON arrays, one a line: unlike the bytes of a file, these do not depend on how cells are quoted. */
function rowDigest(): { add(cells: readonly string[]): void; finish(): string } {
  const hash = createHash("sha256");
  let pending = "";
  return {
    add(cells) {
      pending += `${JSON.stringify(cells)}\n`;
      if (pending.length < 65_536) return;
      hash.update(pending);
      pending = "";
    },
    finish: () => `sha256:${hash.update(pending).digest("hex")}`,
  };
}
