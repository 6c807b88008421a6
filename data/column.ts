/**
 * Columns while they are read: lists of numbers that grow, categories numbered in the order of their first appearance and
 * renumbered by frequency at the end. So the result depends on the rows alone, not on how the stream was cut.
 */
import { decimalAdvice, isMissing, toNumber } from "./cell.ts";
import { cellText } from "./csv.ts";
import { byteOf } from "./csv-format.ts";
import type { CsvRow } from "./csv-row.ts";
import { DecimalReader } from "./decimal.ts";
import { cellPosition, DataError, quoted } from "./error.ts";
import { Growing } from "./growing.ts";

/** Codes are one byte: 254 categories, and 255 for a missing value. */
export const maxCategories = 254;
export const missingCode = 255;
/** Bounds the dictionary of a column whose texts all differ. */
const maxTexts = 1_000_000;

export interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  /** One per row; NaN is a missing value, infinities do not occur. */
  readonly values: Float64Array<ArrayBuffer>;
}
export interface CategoryColumn {
  readonly name: string;
  readonly type: "category";
  /** Most frequent first, ties by code unit; at most 254. */
  readonly categories: readonly string[];
  /** Index in `categories`, one per row; 255 is a missing value, and a category that is not among the 254. */
  readonly codes: Uint8Array<ArrayBuffer>;
}
export type TableColumn = NumberColumn | CategoryColumn;

export interface NumberOptions {
  /** The decimal mark. */
  readonly decimal?: string;
  /** A sentence for where a cell is no number. */
  readonly advice?: string;
}

/** Values of a number column, in the order of the rows. */
export class NumberBuilder {
  readonly name: string;
  missing = 0;
  readonly #advice: string;
  readonly #decimal: string;
  readonly #plain: DecimalReader;
  readonly #values = new Growing((buffer) => new Float64Array(buffer));

  constructor(name: string, { decimal = ".", advice = textAdvice }: NumberOptions = {}) {
    this.name = name;
    this.#advice = advice;
    this.#decimal = decimal;
    this.#plain = new DecimalReader(byteOf(decimal));
  }

  /**
   * Takes a cell of the row.
   * @returns the number, or NaN for a missing one
   * @throws DataError where the cell is neither missing nor a finite number
   */
  push(row: CsvRow, cell: number): number {
    let value = row.plain === undefined ? NaN : row.plain.numbers[cell]!;
    if (Number.isNaN(value)) value = this.#plain.read(row.view, row.starts[cell]!, row.ends[cell]!);
    if (Number.isNaN(value)) value = this.#read(row, cell);
    this.#values.push(value);
    return value;
  }

  /** Takes numbers from `from` on, at every step. */
  pushEach(numbers: Float64Array, from: number, step: number): void {
    this.#values.pushEach(numbers, from, step);
  }

  finish(): Float64Array<ArrayBuffer> {
    return this.#values.finish();
  }

  #read(row: CsvRow, cell: number): number {
    const text = cellText(row, cell);
    if (isMissing(text)) {
      this.missing += 1;
      return NaN;
    }
    const value = toNumber(text, this.#decimal);
    const at = cellPosition(row, this.name);
    if (value === undefined) {
      const advice = decimalAdvice(text, this.#decimal);
      throw new DataError(`${quoted(text)} is not a number.${advice === "" ? ` ${this.#advice}` : advice}`, at);
    }
    if (!Number.isFinite(value)) {
      throw new DataError(`${quoted(text)} is an infinite number; leave the cell empty where a value is missing.`, at);
    }
    return value;
  }
}

const textAdvice = "If the column holds text, declare it in dataset.columns with type category.";

/** Texts of a column as numbers into a dictionary. */
export class TextBuilder {
  readonly name: string;
  missing = 0;
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [];
  readonly #codes = new Growing((buffer) => new Int32Array(buffer));

  constructor(name: string) {
    this.name = name;
  }

  get distinct(): number {
    return this.#counts.length;
  }

  /** @throws DataError where the texts are too many to be categories */
  push(row: CsvRow, cell: number): void {
    this.#codes.push(this.#number(cellText(row, cell)));
    if (this.distinct <= maxTexts) return;
    const what = `More than ${maxTexts} different texts are no categories: ignore the column in dataset.columns.`;
    throw new DataError(what, cellPosition(row, this.name));
  }

  /**
   * The texts, most frequent first, ties by code unit, with their counts; and for each row the index of its text
   * there, -1 for a missing value.
   */
  finish(): { texts: string[]; counts: number[]; codes: Int32Array<ArrayBuffer> } {
    const sorted = [...this.#numbers].toSorted(
      ([a, i], [b, j]) => this.#counts[j]! - this.#counts[i]! || (a < b ? -1 : 1),
    );
    const rank = new Int32Array(sorted.length);
    sorted.forEach(([, number], index) => (rank[number] = index));
    const codes = this.#codes.finish();
    codes.forEach((number, row) => (codes[row] = number < 0 ? -1 : rank[number]!));
    return { texts: sorted.map(([text]) => text), counts: sorted.map(([, number]) => this.#counts[number]!), codes };
  }

  #number(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      if (isMissing(text)) {
        this.missing += 1;
        return -1;
      }
      number = this.#counts.length;
      this.#numbers.set(text, number);
      this.#counts.push(0);
    }
    this.#counts[number]! += 1;
    return number;
  }
}

/** A category column of its 254 most frequent texts. */
export function categoryColumn(builder: TextBuilder): CategoryColumn {
  const { texts, codes } = builder.finish();
  return {
    name: builder.name,
    type: "category",
    categories: texts.slice(0, maxCategories),
    codes: Uint8Array.from(codes, (code) => (code < 0 || code >= maxCategories ? missingCode : code)),
  };
}
