/**
 * The report of a search: what was tried, what was found, and how good it is. It is a function of the data, the spec and
 * the trials' scores: where no limit has ended a trial or the search, whoever searches makes the same one.
 */
import type { Scorer, SearchSpec } from "../../traintask/search.ts";
import type { GenerationPoint } from "../curve.ts";
import type { Report } from "../report.ts";
import { mainMetric, mainScore, type Scores, scoreText } from "../scores.ts";
import type { Kept } from "./keeper.ts";
import type { SearchEnd } from "./search.ts";
import type { Prepared } from "./searcher.ts";
import type { Result } from "./strategy.ts";
import { scoreLine, type Tally } from "./tally.ts";
import type { Cause, TrialError } from "./trial-orders.ts";
import { trialKey } from "./trials.ts";

export interface SearchReport extends Pick<
  Report,
  "kind" | "version" | "problemType" | "target" | "classes" | "rows" | "warnings"
> {
  /** The main score of the held-out rows; without such rows the best one of the cross-validation. */
  readonly score: string;
  /** On rows that no trial has seen. Absent when testFraction is 0. */
  readonly heldOut?: Scores;
  readonly search: {
    readonly strategy: SearchSpec["strategy"];
    readonly evaluations: { readonly done: number; readonly asked: number };
    /** How many of them failed, by cause. */
    readonly failed: Partial<Record<Cause, number>>;
    /** The model's. */
    readonly pipeline: string;
    /** Of that pipeline: greater is better. */
    readonly cv: { readonly scoring: Scorer; readonly score: number; readonly scores: readonly number[] };
    /** The pipelines to which no other one is preferable in score and size, best score first. */
    readonly front: readonly { readonly pipeline: string; readonly score: number; readonly size: number }[];
    /** Whether maxTimeSeconds ended it: with more time it might have found another model. */
    readonly timeIsUp: boolean;
  };
  readonly curve: readonly GenerationPoint[];
}

export interface SearchReportInput {
  readonly prepared: Prepared;
  readonly end: SearchEnd;
  readonly tally: Tally;
  readonly kept: Kept;
  /** Better pipelines that could not be fitted on all rows, and why. */
  readonly unfit: ReadonlyMap<string, TrialError>;
}

export function searchReport({ prepared, end, tally, kept, unfit }: SearchReportInput): SearchReport {
  const { table, spec, strategy } = prepared;
  const { problemType, target, classes } = table.header;
  const { heldOut } = kept.refitted;
  const { failed } = tally;
  const { score = NaN, scores = [] } = end.trials.find(({ result }) => isSame(result, kept.result))?.record ?? {};
  const results = end.trials.map(({ result }) => result);
  return {
    kind: "report",
    version: 1,
    problemType,
    target,
    ...(classes === undefined ? {} : { classes }),
    rows: table.rows,
    score: shownScore(kept, problemType),
    ...(heldOut === undefined ? {} : { heldOut }),
    search: {
      strategy: spec.strategy,
      evaluations: { done: tally.trials, asked: strategy.total },
      failed,
      pipeline: kept.result.text,
      cv: { scoring: table.data.scorer, score, scores },
      front: strategy
        .front(results)
        .flatMap(({ text, score: found, size }) =>
          found === undefined ? [] : [{ pipeline: text, score: found, size }],
        ),
      timeIsUp: !end.complete,
    },
    curve: tally.curve(),
    warnings: [...table.warnings, ...limitWarnings(end, failed), ...unfitWarnings(unfit)],
  };
}

function isSame(a: Result, b: Result): boolean {
  return trialKey(a) === trialKey(b);
}

/** For people: the main score of the held-out rows, else that of the cross-validation. */
export function shownScore({ result, refitted }: Kept, problemType: SearchReport["problemType"]): string {
  const heldOut = mainScore({ problemType }, refitted.heldOut);
  return heldOut === undefined ? scoreLine(result.score ?? NaN) : scoreText(mainMetric({ problemType }), heldOut);
}

function limitWarnings(end: SearchEnd, { time = 0, memory = 0 }: SearchReport["search"]["failed"]): string[] {
  const given = (count: number, why: string): string =>
    `${count} pipelines were given up for ${why}: where there is more of it, the search may find another model.`;
  return [
    ...(end.complete ? [] : ["maxTimeSeconds ended the search: with more time it may find another model."]),
    ...(time === 0 ? [] : [given(time, "time (maxEvalTimeSeconds)")]),
    ...(memory === 0 ? [] : [given(memory, "memory")]),
  ];
}

function unfitWarnings(unfit: SearchReportInput["unfit"]): string[] {
  return Array.from(
    unfit,
    ([pipeline, { message }]) =>
      `${pipeline} could not be fitted on all rows (${message}), so the next best was taken.`,
  );
}
