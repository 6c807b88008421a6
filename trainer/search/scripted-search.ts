/** Searches without rows: what a pipeline scores is a function that the test gives. */
import { random } from "../../traintask/random.ts";
import { searchSchema, type SearchSpec } from "../../traintask/search.ts";
import type { OperatorTable } from "./pipeline.ts";
import { pretendedOperators } from "./operator-fixture.ts";
import { type Proposal, type Result, type Strategy, strategyOf } from "./strategy.ts";

export type SearchOverrides = Partial<SearchSpec>;

export const aSearch = (overrides: SearchOverrides = {}): SearchSpec =>
  searchSchema.parse({ generations: 5, populationSize: 10, ...overrides });

interface Options {
  readonly seed?: number;
  readonly problemType?: "classification" | "regression";
  readonly operators?: OperatorTable;
}

export function aStrategy(
  overrides: SearchOverrides = {},
  { seed = 1, problemType = "regression", operators = pretendedOperators }: Options = {},
): Strategy {
  return strategyOf(aSearch(overrides), { problemType, seed, operators });
}

/** Undefined: it fails. */
export type ScriptedScore = (proposal: Proposal) => number | undefined;

/** Any number, the same for the same pipeline; about one in eight fails. */
export const byText: ScriptedScore = ({ text, members = 100 }) => {
  const name = Array.from(text).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 40, members);
  const generator = random(name);
  return generator.below(8) === 0 ? undefined : generator.uniform();
};

export function resultOf({ trial, text, members, pipeline }: Proposal, score: number | undefined): Result {
  return { trial, text, score, size: pipeline.length, ...(members === undefined ? {} : { members }) };
}

export interface Searched {
  readonly batches: readonly (readonly Proposal[])[];
  readonly results: readonly Result[];
}

/** The whole search. */
export function searched(strategy: Strategy, score: ScriptedScore = byText): Searched {
  const batches: (readonly Proposal[])[] = [];
  const results: Result[] = [];
  for (let batch = strategy.next([]); batch !== undefined; batch = strategy.next(results)) {
    batches.push(batch);
    results.push(...batch.map((proposal) => resultOf(proposal, score(proposal))));
  }
  return { batches, results };
}
