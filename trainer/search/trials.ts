/**
 * The stream `trials`: what became of each trial, a line each, stored in the order in which they end. The first one that an
 * attempt stores says what is searched, so that trials of other data are never taken for ours; those of another version
 * are left alone.
 */
import { modelLines } from "../../model/lines.ts";
import type { StoredStream } from "../api.ts";
import { ConfigurationError } from "../errors.ts";
import { isSameRun, type RunOf } from "../resume.ts";
import type { Proposal, Result } from "./strategy.ts";
import type { Evaluated } from "./pool.ts";
import type { TrialError } from "./trial-orders.ts";

export interface TrialRecord {
  readonly kind: "trial";
  readonly trial: number;
  readonly generation: number;
  readonly pipeline: string;
  readonly origin: Proposal["origin"];
  readonly parents: readonly number[];
  /** Of the ensemble at its end, where it is evaluated with fewer than all. */
  readonly members?: number;
  /** Steps of the pipeline. */
  readonly size: number;
  /** Of each fold; absent where the trial failed, as their mean is. */
  readonly scores?: readonly number[];
  readonly score?: number;
  /** That the trial took. */
  readonly seconds: number;
  /** That the search had taken when it ended, all attempts together. */
  readonly elapsed: number;
  /** When it ended, no trial before had been better. */
  readonly best?: true;
  readonly error?: TrialError;
  /** Of the first one of each attempt. */
  readonly of?: RunOf;
}

/** As the search knows it; when it ended, and in which attempt, is for who stores it. */
export type NewRecord = Omit<TrialRecord, "elapsed" | "of">;

export function recordOf(
  { trial, generation, text, origin, parents, members, pipeline }: Proposal,
  { outcome, seconds }: Evaluated,
): NewRecord {
  const found = "error" in outcome ? { error: outcome.error } : { scores: outcome.scores, score: mean(outcome.scores) };
  return {
    kind: "trial",
    trial,
    generation,
    pipeline: text,
    origin,
    parents,
    ...(members === undefined ? {} : { members }),
    size: pipeline.length,
    ...found,
    seconds: rounded(seconds),
  };
}

export function resultOf({ trial, pipeline: text, members, score, size }: NewRecord): Result {
  return { trial, text, ...(members === undefined ? {} : { members }), score, size };
}

/** What a trial is known by: it is never evaluated twice. */
export function trialKey({ text, members }: Pick<Result, "text" | "members">): string {
  return `${members ?? ""} ${text}`;
}

export interface StoredTrials {
  /** Bytes of the stream. */
  readonly length: number;
  /** The search has ended: no trial will follow. */
  readonly done: boolean;
  /** Those of the trainer's own version. */
  readonly records: readonly TrialRecord[];
}

/**
 * @throws DataError where they are of other data; ConfigurationError where they are of another spec, and where a trainer of
 *   another version has ended the search
 */
export async function storedTrials(stored: StoredStream, ours: RunOf): Promise<StoredTrials> {
  let isOurs = false;
  const records: TrialRecord[] = [];
  for await (const text of modelLines(stored.bytes)) {
    const record = JSON.parse(text) as TrialRecord;
    if (record.of !== undefined) isOurs = isSameRun(record.of, ours);
    if (isOurs) records.push(record);
  }
  if (stored.done && stored.length > 0 && !isOurs)
    throw new ConfigurationError(
      `This task's search was ended by another version of the trainer than ${ours.grower}. Send it as a new task.`,
    );
  return { length: stored.length, done: stored.done, records };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** To milliseconds. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
