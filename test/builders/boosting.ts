/** Inputs of a boosting for tests: small tables, changed by overrides. */
import type { z } from "zod";
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
