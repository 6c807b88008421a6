/**
 * Makes a pure function of results out of a search that goes step by step. A step follows from the one before and from
 * the results of its batch; the last step is remembered, so a growing list of results is not replayed from its beginning.
 */
import type { Proposal, Result } from "./strategy.ts";

/** A proposal without its number. */
export type Draft = Omit<Proposal, "trial">;

export interface Step<State> {
  /** Empty at the end of the search. */
  readonly batch: readonly Draft[];
  readonly state: State;
}

/** A result with what it is of. */
export interface Outcome {
  readonly proposal: Proposal;
  readonly score: number | undefined;
}

/** A search step by step: both functions are pure. */
export interface Course<State> {
  /** At most so many evaluations. */
  readonly total: number;
  first(): Step<State>;
  /** @param outcomes of the batch, in its order */
  after(state: State, outcomes: readonly Outcome[]): Step<State>;
}

interface Progress<State> {
  /** What came before the batch. */
  readonly used: readonly Result[];
  readonly batch: readonly Proposal[];
  readonly state: State;
  readonly bestScore: number;
  /** The generation in which it was found. */
  readonly bestGeneration: number;
}

interface Options {
  /** The search ends after so many generations without a better score. */
  readonly earlyStop?: number;
}

/** @returns `Strategy.next` of the course */
export function replayed<State>(
  course: Course<State>,
  { earlyStop = Infinity }: Options = {},
): (results: readonly Result[]) => readonly Proposal[] | undefined {
  let reached: Progress<State> | undefined;

  function advanced(from: Progress<State>, results: readonly Result[]): Progress<State> {
    const used = results.slice(0, from.used.length + from.batch.length);
    const outcomes = from.batch.map((proposal) => outcomeOf(proposal, results[proposal.trial]));
    const generation = from.batch.at(-1)!.generation;
    const score = outcomes.reduce((best, outcome) => Math.max(best, outcome.score ?? -Infinity), -Infinity);
    const better = score > from.bestScore ? { bestScore: score, bestGeneration: generation } : from;
    const { bestScore, bestGeneration } = better;
    const isOver = generation - bestGeneration >= earlyStop;
    const { batch, state } = isOver ? { batch: [], state: from.state } : course.after(from.state, outcomes);
    return { used, batch: numbered(batch, used.length), state, bestScore, bestGeneration };
  }

  return (results) => {
    let at = reached !== undefined && isPrefix(reached.used, results) ? reached : beginning(course.first());
    while (at.batch.length > 0 && results.length > at.used.length) at = advanced(at, results);
    if (results.length > at.used.length)
      throw new TypeError(`${results.length} results of a search that ended after ${at.used.length}`);
    reached = at;
    return at.batch.length === 0 ? undefined : at.batch;
  };
}

function beginning<State>({ batch, state }: Step<State>): Progress<State> {
  return { used: [], batch: numbered(batch, 0), state, bestScore: -Infinity, bestGeneration: 0 };
}

function numbered(batch: readonly Draft[], first: number): Proposal[] {
  return batch.map((draft, index) => ({ trial: first + index, ...draft }));
}

function outcomeOf(proposal: Proposal, result: Result | undefined): Outcome {
  const { trial, text, members } = proposal;
  if (result?.trial !== trial || result.text !== text || result.members !== members)
    throw new TypeError(
      `trial ${trial} is of ${text}, and its result ${result === undefined ? "is missing" : `is of ${result.text}`}`,
    );
  return { proposal, score: result.score };
}

function isPrefix(used: readonly Result[], results: readonly Result[]): boolean {
  return used.length <= results.length && used.every((result, place) => isSame(result, results[place]!));
}

function isSame(a: Result, b: Result): boolean {
  return (
    a === b ||
    (a.trial === b.trial && a.text === b.text && a.members === b.members && a.score === b.score && a.size === b.size)
  );
}
