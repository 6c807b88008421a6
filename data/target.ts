/**
 * The column to predict. Its labels are kept as they are written; every row must have one, and there must be something
 * to tell apart.
 */
import { NumberBuilder, TextBuilder } from "./column.ts";
import { cellText } from "./csv.ts";
import type { CsvRow } from "./csv-row.ts";
import { cellPosition, DataError, quoted } from "./error.ts";
import type { ColumnFacts } from "./kind.ts";

export type ProblemType = "classification" | "regression";

export type Target =
  | {
      readonly name: string;
      readonly problemType: "classification";
      /** Labels as written, most frequent first, ties by code unit. */
      readonly classes: readonly string[];
      /** Index in `classes`, one per row. */
      readonly codes: Uint16Array<ArrayBuffer>;
    }
  | {
      readonly name: string;
      readonly problemType: "regression";
      /** Finite, one per row. */
      readonly values: Float64Array<ArrayBuffer>;
    };

/** More classes than this are taken for ids: each node of a tree counts all of them. */
const maxClasses = 1000;

/** Declared, or: a target declared as a category or written as text is classification, a numeric one regression. */
export function problemTypeOf(target: ColumnFacts, declared: ProblemType | undefined): ProblemType {
  return declared ?? (target.kind === "number" ? "regression" : "classification");
}

/** Farther from 0, squares of a target and their sums over all rows would pass what a double can hold. */
const maxTarget = 1e150;

export interface TargetBuilder {
  push(row: CsvRow, cell: number): void;
  finish(): { target: Target; warnings: string[] };
}

export interface TargetOptions {
  readonly problemType: ProblemType;
  /** The decimal mark of numbers. */
  readonly decimal: string;
}

/** Reads the target's cells. `push` and `finish` throw DataError. */
export function targetBuilder(name: string, { problemType, decimal }: TargetOptions): TargetBuilder {
  return problemType === "classification" ? classes(name) : numbers(name, decimal);
}

function requirePresent(builder: { missing: number; name: string }, row: CsvRow): void {
  if (builder.missing === 0) return;
  const what = "The target has no value here. Remove the row, or fill in its value.";
  throw new DataError(what, cellPosition(row, builder.name));
}

function classes(name: string): TargetBuilder {
  const texts = new TextBuilder(name);
  return {
    push(row, cell) {
      texts.push(row, cell);
      requirePresent(texts, row);
      if (texts.distinct > maxClasses) {
        const what = `The target has more than ${maxClasses} classes. Is it a number (problemType: regression) or an id?`;
        throw new DataError(what, cellPosition(row, name));
      }
    },
    finish() {
      const { texts: labels, counts, codes } = texts.finish();
      if (labels.length === 1) {
        const what = `Every row has the class ${quoted(labels[0]!)}: there is nothing to tell apart.`;
        throw new DataError(what, { column: name });
      }
      const single = labels.filter((_, index) => counts[index] === 1);
      const warnings =
        single.length === 0
          ? []
          : [`Target ${quoted(name)}: ${single.length} of ${labels.length} classes have one row only.`];
      return {
        target: { name, problemType: "classification", classes: labels, codes: Uint16Array.from(codes) },
        warnings,
      };
    },
  };
}

function numbers(name: string, decimal: string): TargetBuilder {
  const advice = "If the target's values are classes, set dataset.problemType: classification.";
  const builder = new NumberBuilder(name, { decimal, advice });
  return {
    push(row, cell) {
      const value = builder.push(row, cell);
      requirePresent(builder, row);
      if (Math.abs(value) <= maxTarget) return;
      const what = `${quoted(cellText(row, cell))} is too far from 0 to be predicted: at most 1e150. Use another unit.`;
      throw new DataError(what, cellPosition(row, name));
    },
    finish() {
      const values = builder.finish();
      if (values.every((value) => value === values[0])) {
        throw new DataError(`Every row has the value ${values[0]}: there is nothing to predict.`, { column: name });
      }
      const distinct = fewIntegers(values);
      const warnings =
        distinct === undefined
          ? []
          : [
              `Target ${quoted(name)} has ${distinct} different whole numbers only and is predicted as a quantity. ` +
                "If they are classes, set dataset.problemType: classification.",
            ];
      return { target: { name, problemType: "regression", values }, warnings };
    },
  };
}

/** How many distinct integers the values are, if so few that they look like classes: at most 20, each repeated. */
function fewIntegers(values: Float64Array): number | undefined {
  const distinct = new Set<number>();
  for (const value of values) {
    if (!Number.isInteger(value)) return undefined;
    distinct.add(value);
    if (distinct.size > 20) return undefined;
  }
  return distinct.size * 2 <= values.length ? distinct.size : undefined;
}
