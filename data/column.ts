/**
 * Columns while they are read: typed arrays that grow, categories numbered in the order of their first appearance and
 * renumbered by frequency at the end. So the result depends on the rows alone, not on how the stream was cut.
 */
import { isMissing, toNumber } from "./cell.ts";
import { DataError, quoted } from "./error.ts";
import type { RowPosition } from "./csv.ts";

/** Codes are one byte: 254 categories, and 255 for a missing value. */
export const maxCategories = 254;
export const missingCode = 255;

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

/** Values of a number column, in the order of the rows. */
export class NumberBuilder {
  readonly name: string;
  missing = 0;
  readonly #advice: string;
  #values = new Float64Array(1024);
  #length = 0;

  /** @param advice a sentence for where a cell is no number */
  constructor(name: string, advice = "If the column holds text, declare it in dataset.columns with type category.") {
    this.name = name;
    this.#advice = advice;
  }

  /**
   * @returns the number, or NaN for a missing one
   * @throws DataError where the cell is neither missing nor a finite number
   */
  push(cell: string, position: RowPosition): number {
    if (this.#length === this.#values.length) {
      this.#values = new Float64Array(this.#values.buffer.transfer(this.#values.byteLength * 2));
    }
    return (this.#values[this.#length++] = this.#read(cell, position));
  }

  finish(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#values.buffer.transfer(this.#length * 8));
  }

  #read(cell: string, position: RowPosition): number {
    if (isMissing(cell)) {
      this.missing += 1;
      return NaN;
    }
    const value = toNumber(cell);
    const at = { ...position, column: this.name };
    if (value === undefined) {
      throw new DataError(`${quoted(cell)} is not a number. ${this.#advice}`, at);
    }
    if (!Number.isFinite(value)) {
      throw new DataError(`${quoted(cell)} is an infinite number; leave the cell empty where a value is missing.`, at);
    }
    return value;
  }
}

/** Texts of a column as numbers into a dictionary. */
export class TextBuilder {
  readonly name: string;
  missing = 0;
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [];
  #codes = new Int32Array(1024);
  #length = 0;

  constructor(name: string) {
    this.name = name;
  }

  get distinct(): number {
    return this.#counts.length;
  }

  push(cell: string): void {
    if (this.#length === this.#codes.length) {
      this.#codes = new Int32Array(this.#codes.buffer.transfer(this.#codes.byteLength * 2));
    }
    this.#codes[this.#length++] = this.#number(cell);
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
    const codes = this.#codes.subarray(0, this.#length).map((number) => (number < 0 ? -1 : rank[number]!));
    return { texts: sorted.map(([text]) => text), counts: sorted.map(([, number]) => this.#counts[number]!), codes };
  }

  #number(cell: string): number {
    if (isMissing(cell)) {
      this.missing += 1;
      return -1;
    }
    let number = this.#numbers.get(cell);
    if (number === undefined) {
      number = this.#counts.length;
      this.#numbers.set(cell, number);
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
