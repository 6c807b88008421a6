/**
 * What kind a column is: declared, or decided from the first rows. The same decision serves the trainer and the
 * upload of a dataset, so the API tells of a table what the trainer will make of it.
 */
import { isDate, isMissing, toNumber } from "./cell.ts";
import { cellText } from "./csv.ts";
import { byteOf } from "./csv-format.ts";
import { DecimalReader } from "./decimal.ts";
import { DataError, quoted } from "./error.ts";
import type { Sample } from "./sample.ts";

/** `ignore`: declared so, or text of which more than half of the values are distinct, such as names or ids. */
export type ColumnKind = "number" | "category" | "ignore";
export interface DeclaredColumn {
  readonly name: string;
  readonly type: ColumnKind;
}

/** Types are decided from so many rows, or from fewer of a table so wide that they hold `sampleCells` cells. */
const sampleRows = 10_000;
const sampleCells = 4_000_000;

/** How many rows decide the types of a table with so many columns. */
export function sampleSize(columns: number): number {
  return Math.min(sampleRows, Math.max(1, Math.floor(sampleCells / columns)));
}

export interface ColumnFacts {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Ignored although nobody asked for it. */
  readonly looksLikeId: boolean;
  /** Nobody has declared it, and each value is a date: neither a number nor a category. */
  readonly looksLikeDate: boolean;
}

export interface FactsOptions {
  readonly declared?: readonly DeclaredColumn[] | undefined;
  /** The decimal mark. */
  readonly decimal?: string | undefined;
}

/**
 * The kind of each column.
 * @param sample the first rows
 * @throws DataError when a column is declared twice or is not in the table
 */
export function columnFacts(
  names: readonly string[],
  sample: Sample,
  { declared = [], decimal }: FactsOptions = {},
): ColumnFacts[] {
  const kinds = new Map<string, ColumnKind>();
  const known = new Set(names);
  for (const { name, type } of declared) {
    if (kinds.has(name)) throw new DataError("dataset.columns declares this column twice.", { column: name });
    if (!known.has(name)) throw new DataError(`dataset.columns: ${noSuchColumn(name, names)}`);
    kinds.set(name, type);
  }
  return names.map((name, index) => {
    const kind = kinds.get(name);
    if (kind !== undefined) return { name, kind, looksLikeId: false, looksLikeDate: false };
    if (isNumeric(sample, index, decimal)) {
      return { name, kind: "number", looksLikeId: false, looksLikeDate: false };
    }
    const { idLike, dates } = look(sample.column(index));
    return { name, kind: idLike ? "ignore" : "category", looksLikeId: idLike, looksLikeDate: dates };
  });
}

/** A sentence for a name that the table does not have. */
export function noSuchColumn(name: string, names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quoted).join(", ");
  const more = names.length > 10 ? `, and ${names.length - 10} more` : "";
  const separator = names.length === 1 ? /[,;\t|:]/.exec(names[0]!)?.[0] : undefined;
  const hint =
    separator === undefined
      ? ""
      : ` Is ${quoted(separator)} the separator? Say so in dataset.format.separator: the cells are not separated by it.`;
  return `the data has no column ${quoted(name)}; it has ${shown}${more}.${hint}`;
}

/** Whether each cell is a number, or missing. Texts are made of none but those that bytes do not decide on. */
function isNumeric(sample: Sample, index: number, decimal = "."): boolean {
  const plain = new DecimalReader(byteOf(decimal));
  return sample.rows.every((row) => {
    if (!Number.isNaN(plain.read(row.view, row.starts[index]!, row.ends[index]!))) return true;
    const text = cellText(row, index);
    return isMissing(text) || toNumber(text, decimal) !== undefined;
  });
}

function look(cells: Iterable<string>): { idLike: boolean; dates: boolean } {
  const texts = new Set<string>();
  let present = 0;
  let dates = true;
  for (const cell of cells) {
    if (isMissing(cell)) continue;
    present += 1;
    texts.add(cell);
    dates &&= isDate(cell);
  }
  return { idLike: texts.size * 2 > present, dates: dates && present > 0 };
}
