/** Forests grown for tests: their trees, their bytes, their predictions. */
import type { ForestHeaderLine, TreeLine } from "../../model/format.ts";
import { readModel, type Predictor, type Row } from "../../model/predict.ts";
import { writeLine } from "../../model/write.ts";
import { type Forest, type ForestInput, prepareForest } from "../../trainer/forest/forest.ts";

export function trees(forest: Forest): TreeLine[] {
  return Array.from({ length: forest.header.randomForest.nEstimators }, (_, i) => forest.growTree(i));
}

/** Tree lines as text, without the header: what must not change by a byte. */
export const text = (input: ForestInput): string[] => trees(prepareForest(input)).map(writeLine);

export function predictor(input: ForestInput): Promise<Predictor> {
  const forest = prepareForest(input);
  const digest = `sha256:${"0".repeat(64)}`;
  const header: ForestHeaderLine = {
    kind: "header",
    version: 1,
    trainer: "randomForest",
    data: digest,
    spec: digest,
    target: "y",
    ...forest.header,
  };
  return readModel([header, ...trees(forest)].map(writeLine));
}

/** Row `i` of the input, as a person would write it. */
function rowOf(input: ForestInput, i: number): Row {
  return Object.fromEntries(
    input.columns.map((column) => {
      if (column.type === "category") return [column.name, column.categories[column.codes[i]!] ?? null];
      return [column.name, Number.isNaN(column.values[i]!) ? null : column.values[i]!];
    }),
  );
}
export const allRows = (input: ForestInput): Row[] => Array.from(input.rows, (i) => rowOf(input, i));
