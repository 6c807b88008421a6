import { describe, expect, test } from "vitest";
import { DataError } from "../data/error.ts";
import { maxTerminationBytes } from "../traintask/contract.ts";
import { type Progress, terminationSchema } from "../traintask/progress.ts";
import { ConfigurationError, ModelTooLargeError, OutOfMemoryError, StoppedError, TemporaryError } from "./errors.ts";
import { outcomeOf } from "./failure.ts";
import { maxLineBytes } from "../traintask/contract.ts";
import { checkLineSize, checkModelSize } from "./model-size.ts";
import { terminationMessage } from "./termination.ts";

describe("what an error means to the outside", () => {
  const cases: Record<string, { error: unknown; exitCode: number; failureClass?: string }> = {
    "bad data": { error: new DataError("x"), exitCode: 65, failureClass: "BadData" },
    "bad configuration": { error: new ConfigurationError("x"), exitCode: 64, failureClass: "BadConfiguration" },
    "too large a model": { error: new ModelTooLargeError("x"), exitCode: 64, failureClass: "ModelTooLarge" },
    "a full heap": { error: new OutOfMemoryError("x"), exitCode: 71, failureClass: "OutOfMemory" },
    "an API that stays away": { error: new TemporaryError("x"), exitCode: 75, failureClass: "TrainerError" },
    "a request to stop": { error: new StoppedError("x"), exitCode: 143 },
    "a bug": { error: new TypeError("x"), exitCode: 1, failureClass: "TrainerError" },
    "a thrown text": { error: "x", exitCode: 1, failureClass: "TrainerError" },
  };
  test.each(Object.entries(cases))("%s", (_, { error, exitCode, failureClass }) => {
    const outcome = outcomeOf(error);
    expect([outcome.exitCode, outcome.failure?.class]).toEqual([exitCode, failureClass]);
    if (failureClass !== undefined) expect(outcome.failure?.message).toBe("x");
  });
});

describe("the termination message", () => {
  const progress: Progress = {
    trainerStatus: {
      progressPercentage: 100,
      metrics: Array.from({ length: 64 }, (_, i) => ({ name: `metric_${i}`.padEnd(64, "x"), value: "1".repeat(64) })),
      lastUpdatedTime: "2030-01-01T00:00:00Z",
    },
    score: "acc 0.9",
    curve: "▁█",
  };
  const failure = { class: "BadData", message: "m".repeat(5000), advice: "漢".repeat(5000) } as const;

  test("holds progress and failure", () => {
    const small = { ...progress, trainerStatus: { ...progress.trainerStatus, metrics: [{ name: "a", value: "1" }] } };
    const message = JSON.parse(terminationMessage(small, { failure: { class: "BadData", message: "why" } })) as unknown;
    expect(message).toEqual({ ...small, failure: { class: "BadData", message: "why" } });
  });

  test.each([
    { progress, failure },
    { progress, failure: undefined },
    { progress: undefined, failure },
    { progress: undefined, failure: { ...failure, message: "\u0001".repeat(5000), advice: "\u0001".repeat(5000) } },
  ])("fits into 4096 bytes and its schema, whatever was to be said: case %#", ({ progress: latest, failure: why }) => {
    const message = terminationMessage(latest, why === undefined ? {} : { failure: why });
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxTerminationBytes);
    const parsed = terminationSchema.parse(JSON.parse(message));
    expect(parsed.score).toBe(latest?.score);
    expect(parsed.failure?.class).toBe(why?.class);
  });

  test("is an empty object when there is nothing to say", () => {
    expect(terminationMessage(undefined, {})).toBe("{}");
  });
});

describe("the size of a model", () => {
  const limit = { maxModelBytes: 1000, total: 10, unit: "trees" } as const;
  test("is judged after one tree by all trees of its size", () => {
    expect(() => checkModelSize({ lines: 1, bytes: 145, lineBytes: 95 }, limit)).not.toThrow();
    expect(() => checkModelSize({ lines: 1, bytes: 146, lineBytes: 95 }, limit)).toThrow(ModelTooLargeError);
  });

  test("and after more by what there is", () => {
    expect(() => checkModelSize({ lines: 2, bytes: 1000, lineBytes: 500 }, limit)).not.toThrow();
    expect(() => checkModelSize({ lines: 2, bytes: 1001, lineBytes: 500 }, limit)).toThrow(/at most 1000 are kept/);
  });

  test("is cut by the option of its trainer", () => {
    const tooLarge = () => checkModelSize({ lines: 2, bytes: 1001, lineBytes: 1 }, { ...limit, unit: "iterations" });
    expect(tooLarge).toThrow(
      expect.objectContaining({ advice: expect.stringMatching(/^Grow fewer iterations \(maxIter\)/) }),
    );
  });

  test("a tree that fits into no chunk is refused by its index", () => {
    const line = { index: 7, unit: "trees" } as const;
    expect(() => checkLineSize({ ...line, bytes: maxLineBytes })).not.toThrow();
    expect(() => checkLineSize({ ...line, bytes: maxLineBytes + 1 })).toThrow(/^Tree 7 has 67108865 bytes/);
  });
});
