/** How a table is written: RFC 4180 unless said otherwise. */

/** As `spec.dataset.format` says it; what is absent is a comma, a point and a double quote. */
export interface CsvFormat {
  readonly separator?: "," | ";" | "\t" | "|" | ":" | undefined;
  readonly decimal?: "." | "," | undefined;
  readonly quote?: '"' | "'" | undefined;
}

/** The same in full. */
export interface CsvMarks {
  readonly separator: string;
  readonly decimal: string;
  readonly quote: string;
}

export function marksOf({ separator = ",", decimal = ".", quote = '"' }: CsvFormat = {}): CsvMarks {
  return { separator, decimal, quote };
}

export const byteOf = (mark: string): number => mark.charCodeAt(0);
