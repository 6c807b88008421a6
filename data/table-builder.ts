/** Builds a table from rows, column by column, when it is known what each column is. */
import { categoryColumn, maxCategories, NumberBuilder, type TableColumn, TextBuilder } from "./column.ts";
import { marksOf } from "./csv-format.ts";
import type { CsvRow } from "./csv-row.ts";
import { DataError, quoted } from "./error.ts";
import type { ColumnFacts } from "./kind.ts";
import { NumberBlock } from "./number-block.ts";
import type { Table, TableOptions } from "./table.ts";
import { problemTypeOf, targetBuilder, type TargetBuilder } from "./target.ts";
import { WeightBuilder } from "./weights.ts";

type FeatureBuilder = NumberBuilder | TextBuilder;
interface Feature<Builder = FeatureBuilder> {
  readonly index: number;
  readonly builder: Builder;
}

const isNumber = (feature: Feature): feature is Feature<NumberBuilder> => feature.builder instanceof NumberBuilder;

export class TableBuilder {
  /** Each with the index of its cell in a row. */
  readonly #features: Feature[] = [];
  readonly #texts: readonly Feature[];
  readonly #numbers: NumberBlock;
  readonly #target: { readonly index: number; readonly builder: TargetBuilder };
  readonly #weights: { readonly index: number; readonly builder: WeightBuilder } | undefined;
  readonly #warnings: string[] = [];

  /** @throws DataError where columns are not what they are asked to be */
  constructor(facts: readonly ColumnFacts[], options: TableOptions) {
    const { decimal } = marksOf(options.format);
    const index = facts.findIndex(({ name }) => name === options.target);
    const target = facts[index]!;
    if (target.kind === "ignore" && !target.looksLikeId) {
      throw new DataError("dataset.columns ignores the target.", { column: target.name });
    }
    const problemType = problemTypeOf(target, options.problemType);
    this.#target = { index, builder: targetBuilder(target.name, { problemType, decimal }) };
    this.#weights = weightsOf(facts, options);
    facts.forEach((column, at) => {
      if (at === this.#weights?.index) return;
      if (column.looksLikeDate) throw new DataError(dateAdvice, { column: column.name });
      if (at !== index) this.#addFeature(column, at, decimal);
    });
    this.#numbers = new NumberBlock(this.#features.filter(isNumber));
    this.#texts = this.#features.filter((feature) => !isNumber(feature));
  }

  push(row: CsvRow): void {
    this.#target.builder.push(row, this.#target.index);
    this.#weights?.builder.push(row, this.#weights.index);
    if (row.plain !== undefined && this.#numbers.add(row.plain.numbers)) {
      for (const { index, builder } of this.#texts) builder.push(row, index);
      return;
    }
    this.#numbers.flush();
    for (const { index, builder } of this.#features) builder.push(row, index);
  }

  finish(rows: number): Pick<Table, "columns" | "target" | "weights" | "warnings"> {
    this.#numbers.flush();
    const { target, warnings } = this.#target.builder.finish();
    const weights = this.#weights?.builder.finish();
    const present = this.#features.filter(({ builder }) => {
      if (builder.missing < rows) return true;
      this.#warnings.push(`Column ${quoted(builder.name)} is ignored: it has no value in any row.`);
      return false;
    });
    if (present.length === 0) {
      throw new DataError(["No column is left to learn from besides the target.", ...this.#warnings].join(" "));
    }
    const columns = present.map(({ builder }) => this.#column(builder));
    return {
      columns,
      target,
      ...(weights === undefined ? {} : { weights }),
      warnings: [...warnings, ...this.#warnings],
    };
  }

  #addFeature({ name, kind, looksLikeId }: ColumnFacts, index: number, decimal: string): void {
    if (kind === "number") this.#features.push({ index, builder: new NumberBuilder(name, { decimal }) });
    if (kind === "category") this.#features.push({ index, builder: new TextBuilder(name) });
    if (looksLikeId) {
      this.#warnings.push(
        `Column ${quoted(name)} is ignored: more than half of its texts differ from each other, as names or ids do. ` +
          "To use it, declare it in dataset.columns with type category.",
      );
    }
  }

  #column(builder: FeatureBuilder): TableColumn {
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

const dateAdvice =
  "The column holds dates, which are neither numbers nor categories. Split it into numbers (year, month, day, or days " +
  "since a day of your choice), or declare it in dataset.columns with type ignore (or category).";

function weightsOf(
  facts: readonly ColumnFacts[],
  options: TableOptions,
): { index: number; builder: WeightBuilder } | undefined {
  const { weight, target, columns = [], format } = options;
  if (weight === undefined) return undefined;
  if (weight === target)
    throw new DataError("dataset.weight and dataset.target name the same column.", { column: weight });
  const declared = columns.find(({ name }) => name === weight)?.type ?? "number";
  if (declared !== "number") {
    const what = `dataset.weight names this column, and dataset.columns declares it as ${declared}: weights are numbers.`;
    throw new DataError(what, { column: weight });
  }
  const index = facts.findIndex(({ name }) => name === weight);
  return { index, builder: new WeightBuilder(weight, marksOf(format).decimal) };
}
