import { expect, test } from "vitest";
import { anObserved, completed, ready } from "../test/builders/observed.ts";
import { Phases } from "./phases.ts";
import { Refusals } from "./refused-jobs.ts";

const task = { uid: "t", generation: 1 };
const quota = { kind: "quota", message: "exceeded quota" } as const;

test("a refused task stands back for longer each time, up to five minutes", () => {
  const refusals = new Refusals();
  const waits = Array.from({ length: 8 }, () => {
    refusals.note(task, quota, 1000);
    return (refusals.retryAt(task) ?? 0) - 1000;
  });
  expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  refusals.forget("t");
  expect([refusals.retryAt(task), refusals.of(task)]).toEqual([undefined, undefined]);
});

test("an invalid Job is not tried again, unless the spec changes", () => {
  const refusals = new Refusals();
  refusals.note(task, { kind: "invalid", message: "no" }, 0);
  expect(refusals.retryAt(task)).toBe(Number.POSITIVE_INFINITY);
  expect(refusals.retryAt({ uid: "t", generation: 2 })).toBeUndefined();
  expect(refusals.of({ uid: "t", generation: 2 })).toBeUndefined();
});

test("a phase begins when it is first seen, and lasts until the Job is in another one", () => {
  const phases = new Phases();
  const [waiting] = anObserved({ job: {} }).jobs;
  const [running] = anObserved({ job: ready }).jobs;
  const [ended] = anObserved({ job: completed }).jobs;
  expect([1, 2].map((now) => phases.since("t", waiting, now))).toEqual([1, 1]);
  expect([3, 4].map((now) => phases.since("t", running, now))).toEqual([3, 3]);
  expect(phases.since("t", waiting, 5)).toBe(5);
  expect([6, 7].map((now) => phases.since("t", ended, now))).toEqual([6, 6]);
  expect(phases.since("other", ended, 8)).toBe(8);
});

test("a wall clock that is set back begins the phase anew", () => {
  const phases = new Phases();
  const [job] = anObserved({ job: {} }).jobs;
  phases.since("t", job, 3_600_000);
  expect(phases.since("t", job, 1000)).toBe(1000);
});
