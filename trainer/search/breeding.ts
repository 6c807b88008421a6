/**
 * One generation's offspring: each is made of two parents, or of one, or is a copy (TPOT's varOr). Crossover takes two
 * parents that have an operator in common; where that leads to nothing new, mutation takes its place; where no mutation
 * of the parent is new, a pipeline at random.
 */
import type { Random } from "../../traintask/random.ts";
import { type Grammar, pick } from "./grammar.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Draft } from "./replay.ts";
import { randomDrafts, untried, type Untried } from "./untried.ts";
import { canCross, crossover, mutations } from "./variation.ts";

export interface Parent {
  readonly trial: number;
  readonly pipeline: Pipeline;
}

export interface Breeding {
  readonly grammar: Grammar;
  readonly random: Random;
  readonly generation: number;
  /** May be empty: then all is made at random. */
  readonly parents: readonly Parent[];
  /** Texts of all pipelines proposed so far; those of the offspring are added. */
  readonly seen: Set<string>;
  readonly mutationRate: number;
  readonly crossoverRate: number;
}

/** A copy of a parent is nothing to evaluate; undefined where chance finds nothing new. */
export type Child = Draft | "copy" | undefined;

export function breed(count: number, breeding: Breeding): readonly Child[] {
  const { random, parents, mutationRate, crossoverRate } = breeding;
  const pairs = crossoverRate > 0 ? crossablePairs(parents) : [];
  return Array.from({ length: count }, (): Child => {
    const chance = random.uniform();
    if (chance >= mutationRate + crossoverRate) return "copy";
    return (
      (chance < crossoverRate ? crossed(pairs, breeding) : undefined) ??
      mutated(breeding) ??
      randomDrafts(1, breeding)[0]
    );
  });
}

/** In both orders. */
function crossablePairs(parents: readonly Parent[]): (readonly [Parent, Parent])[] {
  return parents.flatMap((first) =>
    parents
      .filter((second) => second !== first && canCross(first.pipeline, second.pipeline))
      .map((second) => [first, second] as const),
  );
}

function crossed(pairs: readonly (readonly [Parent, Parent])[], breeding: Breeding): Draft | undefined {
  if (pairs.length === 0) return undefined;
  const [first, second] = pick(pairs, breeding.random);
  const found = untried(() => crossover([first.pipeline, second.pipeline], breeding), breeding);
  return draft(found, { origin: "crossover", parents: [first.trial, second.trial] }, breeding);
}

function mutated(breeding: Breeding): Draft | undefined {
  const { parents, random } = breeding;
  if (parents.length === 0) return undefined;
  const { pipeline, trial } = pick(parents, random);
  const { insert, replace, shrink } = mutations;
  const mutation = pick(pipeline.length > 1 ? [insert, replace, shrink] : [insert, replace], random);
  const found =
    untried(() => mutation(pipeline, breeding), breeding) ??
    // All that is shorter may have been tried.
    untried(() => pick([insert, replace], random)(pipeline, breeding), breeding);
  return draft(found, { origin: "mutation", parents: [trial] }, breeding);
}

function draft(
  found: Untried | undefined,
  origin: Pick<Draft, "origin" | "parents">,
  { generation }: Breeding,
): Draft | undefined {
  return found === undefined ? undefined : { generation, ...found, ...origin };
}
