/**
 * What a search tries next, as a pure function of what it has found: whoever has the results of a search, from this
 * process or from one that was killed, goes on exactly where it was.
 */
import { scorers, type SearchSpec } from "../../traintask/search.ts";
import { ConfigurationError } from "../errors.ts";
import type { Target } from "../operators/operator.ts";
import { evolution } from "./evolution.ts";
import { grammarOf } from "./grammar.ts";
import { halving } from "./halving.ts";
import type { OperatorTable, Pipeline } from "./pipeline.ts";
import { randomSearch } from "./random-search.ts";
import { type Course, replayed } from "./replay.ts";

export interface Proposal {
  /** 0, 1, 2, ... over the whole search, in the order proposed. */
  readonly trial: number;
  /** 0 is the first population. */
  readonly generation: number;
  readonly pipeline: Pipeline;
  /** `pipelineText(pipeline)`. */
  readonly text: string;
  readonly origin: "random" | "mutation" | "crossover" | "promotion";
  /** Trial numbers. */
  readonly parents: readonly number[];
  /** How many members the ensemble at its end has in this trial; absent: all. */
  readonly members?: number;
}

/** Of one proposal. */
export interface Result {
  readonly trial: number;
  readonly text: string;
  readonly members?: number;
  /** Mean over the folds, greater is better; undefined: it failed. */
  readonly score: number | undefined;
  /** Steps of the pipeline. */
  readonly size: number;
}

export interface Strategy {
  /** How many evaluations the whole search takes at most. */
  readonly total: number;
  /**
   * The next batch, none of which was proposed before. Pure: the same arguments give the same answer.
   * @param results of ALL earlier batches, in the order proposed
   * @returns not empty; undefined when the search is over
   * @throws {TypeError} for results of other proposals
   */
  readonly next: (results: readonly Result[]) => readonly Proposal[] | undefined;
  /** Those to which no other one is preferable in score and size, best score first. */
  readonly front: (results: readonly Result[]) => readonly Result[];
  /** The greatest score; of equal ones the smaller, then the earlier. Undefined until something has succeeded. */
  readonly best: (results: readonly Result[]) => Result | undefined;
}

export interface StrategyContext {
  readonly problemType: Target["problemType"];
  readonly seed: number;
  readonly operators: OperatorTable;
}

/** @throws {ConfigurationError} for a spec that cannot be honoured */
export function strategyOf(spec: SearchSpec, context: StrategyContext): Strategy {
  refuseContradictions(spec, context.problemType);
  const grammar = grammarOf(spec, context);
  const { seed } = context;
  const run = <State>(course: Course<State>): Strategy => ({
    total: course.total,
    next: replayed(course, spec.earlyStop === undefined ? {} : { earlyStop: spec.earlyStop }),
    front,
    best,
  });
  switch (spec.strategy) {
    case "evolution":
      return run(evolution(spec, { grammar, seed }));
    case "random":
      return run(randomSearch(spec, { grammar, seed }));
    case "halving":
      return run(halving(spec, { grammar, seed }));
  }
}

function refuseContradictions(spec: SearchSpec, problemType: Target["problemType"]): void {
  const { scoring, mutationRate, crossoverRate } = spec;
  if (scoring !== undefined && !scorers[problemType].some((name) => name === scoring))
    throw new ConfigurationError(`spec.trainer.search.scoring: ${scoring} is not for ${problemType}.`, {
      advice: `For ${problemType} there are: ${scorers[problemType].join(", ")}.`,
    });
  if (Number(mutationRate) + Number(crossoverRate) > 1)
    throw new ConfigurationError(
      `spec.trainer.search: mutationRate ${mutationRate} and crossoverRate ${crossoverRate} are together more than 1.`,
      { advice: "They are shares of the offspring of a generation: make one of them smaller." },
    );
  if (spec.strategy === "halving" && spec.earlyStop !== undefined)
    throw new ConfigurationError("spec.trainer.search.earlyStop does not go with strategy: halving.", {
      advice: "Its generations are few, and only the last one has whole ensembles. Leave earlyStop out.",
    });
}

interface Succeeded extends Result {
  readonly score: number;
}

/** An ensemble with a part of its members is no result of a search yet. */
function succeeded(results: readonly Result[]): Succeeded[] {
  return results.filter((result): result is Succeeded => result.score !== undefined && result.members === undefined);
}

function better(a: Succeeded, b: Succeeded): number {
  return b.score - a.score || a.size - b.size || a.trial - b.trial;
}

function best(results: readonly Result[]): Result | undefined {
  return succeeded(results).reduce<Succeeded | undefined>(
    (leader, result) => (leader === undefined || better(result, leader) < 0 ? result : leader),
    undefined,
  );
}

function front(results: readonly Result[]): readonly Result[] {
  const chosen: Succeeded[] = [];
  for (const result of succeeded(results).toSorted(better)) {
    const last = chosen.at(-1);
    // The scores fall, so only one that is smaller than all before is preferable in anything.
    if (last === undefined || result.size < last.size) chosen.push(result);
  }
  return chosen;
}
