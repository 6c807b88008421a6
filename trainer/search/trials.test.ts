import { describe, expect, test } from "vitest";
import { DataError } from "../../data/error.ts";
import type { StoredStream } from "../api.ts";
import { ConfigurationError } from "../errors.ts";
import type { Proposal } from "./strategy.ts";
import { recordOf, resultOf, storedTrials, type TrialRecord } from "./trials.ts";

const ours = { grower: "traintask-search/1", data: "sha256:d", spec: "sha256:s" };
const proposal: Proposal = { trial: 4, generation: 1, pipeline: [], text: "ridge", origin: "mutation", parents: [2] };
const plain = recordOf(proposal, { outcome: { scores: [1, 2] }, seconds: 0.12345 });
const record = (fields: Partial<TrialRecord>): TrialRecord => ({ ...plain, elapsed: 1, ...fields });

function stored(records: readonly object[], done = false): StoredStream {
  const bytes = Buffer.from(records.map((each) => `${JSON.stringify(each)}\n`).join(""));
  return {
    length: bytes.length,
    done,
    bytes: (async function* () {
      yield bytes;
    })(),
    discard: () => undefined,
  };
}

describe("the record of a trial", () => {
  test("has the mean of its scores, and milliseconds", () => {
    expect(plain).toMatchObject({ trial: 4, score: 1.5, scores: [1, 2], seconds: 0.123, parents: [2] });
    expect(plain).not.toHaveProperty("members");
  });

  test("has no score where the trial failed", () => {
    const error = { cause: "crash", message: "x" } as const;
    const failed = recordOf({ ...proposal, members: 3 }, { outcome: { error }, seconds: 1 });
    expect(failed).toMatchObject({ members: 3, error });
    expect(failed).not.toHaveProperty("score");
    expect(resultOf(failed)).toEqual({ trial: 4, text: "ridge", members: 3, score: undefined, size: 0 });
  });
});

describe("stored trials", () => {
  test("are taken over below the line that says what is searched", async () => {
    const records = [record({ of: ours }), record({ trial: 5 }), record({ trial: 6, of: ours })];
    expect(await storedTrials(stored(records), ours)).toMatchObject({ done: false, records });
  });

  test("of another version are left alone, and those that follow them are ours", async () => {
    const other = { ...ours, grower: "traintask-search/0", spec: "sha256:other" };
    const records = [record({ of: other }), record({ trial: 5 }), record({ trial: 0, of: ours }), record({ trial: 1 })];
    expect((await storedTrials(stored(records), ours)).records.map(({ trial }) => trial)).toEqual([0, 1]);
  });

  test("of other data, or another spec, are refused", async () => {
    const of = (change: object): Promise<unknown> =>
      storedTrials(stored([record({ of: { ...ours, ...change } })]), ours);
    await expect(of({ data: "sha256:other" })).rejects.toThrow(DataError);
    await expect(of({ spec: "sha256:other" })).rejects.toThrow(ConfigurationError);
  });

  test("that another version has ended are refused, for nothing can follow them", async () => {
    const other = { ...ours, grower: "traintask-search/0" };
    await expect(storedTrials(stored([record({ of: other })], true), ours)).rejects.toThrow(
      "This task's search was ended by another version of the trainer than traintask-search/1.",
    );
    expect(await storedTrials(stored([], true), ours)).toEqual({ length: 0, done: true, records: [] });
  });
});
