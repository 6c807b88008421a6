/** Inputs of a boosting for tests: small tables, changed by overrides. */
import type { z } from "zod";
import { compactTree, leafOf } from "../../model/compact.ts";
import { columnEncoder } from "../../model/encode.ts";
import type { IterationLine } from "../../model/format.ts";
import { gradientBoostingSchema } from "../../traintask/trainers.ts";
import { type Boosting, type BoostingInput, prepareBoosting } from "../../trainer/boosting/boosting.ts";
import { aForestInput } from "./forest.ts";

type Overrides = Partial<Omit<BoostingInput, "options">> & {
  readonly options?: z.input<typeof gradientBoostingSchema>;
};

/** A few small trees of leaves of any size, unless overridden. */
export function aBoostingInput({ options, ...overrides }: Overrides = {}): BoostingInput {
  const { columns, target, rows, seed } = aForestInput(overrides);
  return {
    columns,
    target,
    rows,
    seed,
    ...overrides,
    options: gradientBoostingSchema.parse({ maxIter: 3, minSamplesLeaf: 1, ...options }),
  };
}

/** All iterations that are left. */
export function grown(boosting: Boosting): IterationLine[] {
  const lines: IterationLine[] = [];
  for (let line = boosting.grow(); line !== undefined; line = boosting.grow()) lines.push(line);
  return lines;
}

/** The lines of a boosting from its start, as text. */
export function boostedText(input: BoostingInput): string[] {
  return grown(prepareBoosting(input)).map((line) => JSON.stringify(line));
}

/** Raw scores of rows of the input's table, by output and row: from the lines alone, as a reader of the model would add them up. */
export function rawScores(input: BoostingInput, lines: readonly IterationLine[], rows: readonly number[]): number[][] {
  const { header } = prepareBoosting(input);
  const encoders = header.columns.map(columnEncoder);
  const codes = rows.map((row) =>
    Uint8Array.from(input.columns, (column, c) => {
      if (column.type === "number") return encoders[c]!(column.values[row])!;
      return encoders[c]!(column.categories[column.codes[row]!] ?? null)!;
    }),
  );
  return header.gradientBoosting.baseline.map((baseline, output) => {
    const trees = lines.map(({ trees: ofLine }) => ofLine[output]!);
    const compact = trees.map((tree) => compactTree(tree, "regression"));
    return codes.map((row) =>
      trees.reduce((sum, tree, i) => sum + tree.value[leafOf(compact[i]!, row, { stride: 1, at: 0 })]!, baseline),
    );
  });
}
