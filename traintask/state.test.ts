import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConditionType, type State, conditionTypes, states } from "./reasons.ts";
import { type JobFacts, type JobLike, jobFacts, stateOf } from "./state.ts";
import type { Condition } from "./status.ts";

function condition(type: ConditionType, status: Condition["status"], reason = "Reason"): Condition {
  return { type, status, reason, lastTransitionTime: "2026-01-02T03:04:05Z" };
}

function aTask(parts: { suspend?: boolean; conditions?: Condition[] } = {}) {
  return { spec: { suspend: parts.suspend ?? false }, status: { conditions: parts.conditions ?? [] } };
}

function aJob(facts: Partial<JobFacts> = {}): JobFacts {
  return { ready: 0, active: 0, terminating: 0, terminal: false, deleting: false, ...facts };
}

const running = condition("Running", "True");
const notAdmitted = condition("Admitted", "False", "Retrying");
const admitted = condition("Admitted", "True");

interface Case {
  readonly task: ReturnType<typeof aTask>;
  readonly job?: JobFacts;
  readonly state: State;
}

const cases: Record<string, Case> = {
  "without a Job it is queued": { task: aTask(), state: "Queued" },
  "without a Job and with suspend it is suspended": { task: aTask({ suspend: true }), state: "Suspended" },
  "a Job without pods is starting": { task: aTask(), job: aJob(), state: "Starting" },
  "a Job with a pod that is not ready is starting": { task: aTask(), job: aJob({ active: 1 }), state: "Starting" },
  "a Job with a ready pod is running": { task: aTask(), job: aJob({ active: 1, ready: 1 }), state: "Running" },
  "a task whose pod failed and is replaced is starting again": {
    task: aTask({ conditions: [running] }),
    job: aJob({ active: 1 }),
    state: "Starting",
  },
  "a running task whose pod is being stopped is running until the pod is gone": {
    task: aTask({ conditions: [running], suspend: true }),
    job: aJob({ terminating: 1 }),
    state: "Running",
  },
  "a running task whose Job is being deleted is running until the Job is gone": {
    task: aTask({ conditions: [running], suspend: true }),
    job: aJob({ deleting: true }),
    state: "Running",
  },
  "a task that never ran is starting while its Job is being deleted": {
    task: aTask({ suspend: true, conditions: [condition("Running", "False")] }),
    job: aJob({ deleting: true, active: 1 }),
    state: "Starting",
  },
  "a Job that ended waits for the model": {
    task: aTask({ conditions: [admitted] }),
    job: aJob({ terminal: true }),
    state: "Finishing",
  },
  "ready is ignored once the Job has ended": {
    task: aTask({ conditions: [admitted, running] }),
    job: aJob({ terminal: true, ready: 1, active: 1 }),
    state: "Finishing",
  },
  "between two attempts it is queued": {
    task: aTask({ conditions: [notAdmitted] }),
    job: aJob({ terminal: true }),
    state: "Queued",
  },
  "between two attempts and with suspend it is suspended": {
    task: aTask({ conditions: [notAdmitted], suspend: true }),
    job: aJob({ terminal: true, deleting: true }),
    state: "Suspended",
  },
  "a live Job counts for more than what was said of the attempt before": {
    task: aTask({ conditions: [notAdmitted] }),
    job: aJob({ ready: 1 }),
    state: "Running",
  },
  "Complete is the end, whatever its Job says": {
    task: aTask({ conditions: [condition("Complete", "True"), running] }),
    job: aJob({ ready: 1, active: 1 }),
    state: "Succeeded",
  },
  "Failed is the end, also when it is suspended": {
    task: aTask({ conditions: [condition("Failed", "True", "BadData")], suspend: true }),
    state: "Failed",
  },
  "Failed because of a cancel is cancelled": {
    task: aTask({ conditions: [condition("Failed", "True", "Cancelled")] }),
    state: "Cancelled",
  },
  "a condition that is not true ends nothing": {
    task: aTask({ conditions: [condition("Failed", "False"), condition("Complete", "Unknown")] }),
    state: "Queued",
  },
};

describe("a task's state", () => {
  test.each(Object.entries(cases))("%s", (_name, { task, job, state }) => {
    expect(stateOf(task, job)).toBe(state);
  });

  test("of a task without conditions is decided all the same", () => {
    expect(stateOf({ spec: { suspend: false }, status: {} }, aJob({ terminal: true }))).toBe("Finishing");
  });

  const conditions = fc.uniqueArray(
    fc.record({ type: fc.constantFrom(...conditionTypes), status: fc.constantFrom("True" as const, "False" as const) }),
    { selector: ({ type }) => type },
  );
  const count = fc.nat(3);
  const job = fc.record({
    ready: count,
    active: count,
    terminating: count,
    terminal: fc.boolean(),
    deleting: fc.boolean(),
  });

  test("is one of the words, does not depend on the order of conditions, and is final once the task has ended", () => {
    fc.assert(
      fc.property(conditions, fc.boolean(), fc.array(job, { maxLength: 2 }), (list, suspend, [facts, later]) => {
        const all = list.map(({ type, status }) => condition(type, status));
        const state = stateOf(aTask({ suspend, conditions: all }), facts);
        expect(states).toContain(state);
        expect(stateOf(aTask({ suspend, conditions: all.toReversed() }), facts)).toBe(state);
        if (["Succeeded", "Failed", "Cancelled"].includes(state)) {
          expect(stateOf(aTask({ suspend: !suspend, conditions: all }), later)).toBe(state);
        }
      }),
    );
  });

  test("is Running only if a pod is ready, or one that was is being stopped", () => {
    fc.assert(
      fc.property(conditions, job, (list, facts) => {
        const task = aTask({ conditions: list.map(({ type, status }) => condition(type, status)) });
        if (stateOf(task, facts) !== "Running" || facts.ready > 0) return;
        expect(task.status.conditions.some(({ type, status }) => type === "Running" && status === "True")).toBe(true);
        expect(facts.deleting || facts.terminating > 0).toBe(true);
      }),
    );
  });
});

const jobs: Record<string, { job: JobLike; facts: JobFacts }> = {
  "a Job without a status says nothing": { job: {}, facts: aJob() },
  "counts are taken from the status": {
    job: { status: { ready: 1, active: 2, terminating: 3 } },
    facts: aJob({ ready: 1, active: 2, terminating: 3 }),
  },
  "Complete is terminal": {
    job: { status: { conditions: [{ type: "Complete", status: "True" }] } },
    facts: aJob({ terminal: true }),
  },
  "Failed is terminal": {
    job: { status: { conditions: [{ type: "Failed", status: "True" }] } },
    facts: aJob({ terminal: true }),
  },
  "FailureTarget and SuccessCriteriaMet are not: pods may still be going": {
    job: {
      status: {
        conditions: [
          { type: "FailureTarget", status: "True" },
          { type: "SuccessCriteriaMet", status: "True" },
        ],
      },
    },
    facts: aJob(),
  },
  "Complete that is not true is not terminal": {
    job: { status: { conditions: [{ type: "Complete", status: "False" }] } },
    facts: aJob(),
  },
  "a deletion timestamp means deleting": {
    job: { metadata: { deletionTimestamp: "2026-01-02T03:04:05Z" } },
    facts: aJob({ deleting: true }),
  },
};

describe("facts of a Job", () => {
  test.each(Object.entries(jobs))("%s", (_name, { job, facts }) => {
    expect(jobFacts(job)).toEqual(facts);
  });
});
