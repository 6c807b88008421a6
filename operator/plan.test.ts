import { expect, test } from "vitest";
import { anExit } from "../test/builders/objects.ts";
import { anObserved, at, completed, ready, runningConditions, runningStatus, time } from "../test/builders/observed.ts";
import { containerScenarios } from "../test/operator/container-scenarios.ts";
import { endScenarios } from "../test/operator/end-scenarios.ts";
import { failureScenarios } from "../test/operator/failure-scenarios.ts";
import { model, scenarios } from "../test/operator/plan-scenarios.ts";
import { waitingScenarios } from "../test/operator/waiting-scenarios.ts";
import { condition } from "./conditions.ts";
import { plan } from "./plan.ts";
import type { Plan } from "./plan.ts";

/** The words of a plan that a scenario is about. */
function words(decided: Plan): object {
  const { status } = decided;
  const spoken = (type: "Admitted" | "Running" | "Suspended") => {
    const found = status && condition(status, type);
    return found === undefined ? undefined : `${found.status} ${found.reason}`;
  };
  const told = {
    deletes: decided.deletions.map(({ kind, name }) => `${kind} ${name}`),
    state: status?.state,
    admitted: spoken("Admitted"),
    running: spoken("Running"),
    suspended: spoken("Suspended"),
    failure: status?.failure?.class,
    events: decided.events?.map(({ reason }) => reason),
    lookAgainIn: decided.lookAgainAt === undefined ? undefined : (decided.lookAgainAt - at(0)) / 1000,
  };
  return Object.fromEntries(
    Object.entries(told).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

const all = { ...scenarios, ...endScenarios, ...waitingScenarios, ...failureScenarios, ...containerScenarios };
for (const [name, { sight, now, expected }] of Object.entries(all)) {
  test(name, () => {
    expect(words(plan(anObserved(sight), at(now)))).toEqual(expected);
  });

  test(`planning again from what was planned changes nothing: ${name}`, () => {
    const observed = anObserved(sight);
    const { status } = plan(observed, at(now));
    if (status === undefined) return;
    const again = plan({ ...observed, task: { ...observed.task, status } }, at(now));
    expect(again.status ?? status).toEqual(status);
    expect(again.events ?? []).toEqual([]);
  });
}

test("Running is true from the first ready pod on, and startTime is that pod's moment, for ever", () => {
  const conditions = [{ type: "Ready", status: "True", lastTransitionTime: time(7) }];
  const first = plan(anObserved({ job: ready, pod: { status: { conditions } } }), at(9)).status;
  expect(first).toMatchObject({ startTime: time(7), attempt: 1, jobName: "iris-0a1b2c3d-1", active: 1, ready: 1 });
  const later = anObserved({ task: { status: { ...runningStatus, startTime: time(3) } }, job: ready, pod: {} });
  expect(plan(later, at(9)).status?.startTime).toBe(time(3));
});

test("a Job that ended before a ready pod was seen takes its times from the pod's container", () => {
  const ended = anExit(0, { startedAt: time(10), finishedAt: time(25) });
  const { status } = plan(anObserved({ task: { status: { model } }, job: completed, pod: ended }), at(61));
  expect(status).toMatchObject({ state: "Succeeded", startTime: time(10), ranSeconds: 15, completionTime: time(60) });
});

test("the run time ends with the pod, not with the moment at which that is noticed", () => {
  const { status } = plan(anObserved({ task: { status: { ...runningStatus, model } }, job: completed }), at(500));
  expect(status).toMatchObject({ ranSeconds: 60, completionTime: time(60), active: 0, ready: 0, succeeded: 1 });
});

test("the last write clears what is left and the place, and takes the trainer's last words where they are newer", () => {
  const said = (seconds: number, progressPercentage: number) => ({
    progressPercentage,
    lastUpdatedTime: time(seconds),
  });
  const status = {
    ...runningStatus,
    model,
    left: "2m",
    score: "acc 0.9",
    curve: "▁▂",
    queue: { position: 1 },
    trainerStatus: said(50, 80),
  };
  const message = JSON.stringify({ trainerStatus: said(59, 100), score: "acc 0.95", curve: "▁▂▇█" });
  const newer = plan(anObserved({ task: { status }, job: completed, pod: anExit(0, { message }) }), at(61)).status;
  expect(newer).toMatchObject({ score: "acc 0.95", curve: "▁▂▇█", trainerStatus: { progressPercentage: 100 } });
  expect(newer).not.toHaveProperty("left");
  expect(newer).not.toHaveProperty("queue");
  const stale = JSON.stringify({ trainerStatus: said(40, 70), score: "acc 0.8", curve: "▁" });
  const older = plan(
    anObserved({ task: { status }, job: completed, pod: anExit(0, { message: stale }) }),
    at(61),
  ).status;
  expect(older).toMatchObject({ score: "acc 0.9", curve: "▁▂", trainerStatus: { progressPercentage: 80 } });
});

test("the older of two live Jobs is deleted", () => {
  const first = anObserved({ task: { status: runningStatus }, job: ready });
  const second = anObserved({
    job: { metadata: { name: "iris-0a1b2c3d-2", labels: { "traintask.dev/attempt": "2" } }, ...ready },
  });
  const both = { ...second, jobs: [...first.jobs, ...second.jobs] };
  expect(plan(both, at(1)).deletions.map(({ name }) => name)).toEqual(["iris-0a1b2c3d-1"]);
});

test("a task that was out of memory keeps its conditions' moments until they change", () => {
  const moments = runningConditions.map(({ lastTransitionTime }) => lastTransitionTime);
  const { status } = plan(anObserved({ task: { status: runningStatus }, job: ready, pod: {} }), at(99));
  expect(status?.conditions?.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual(moments);
});
