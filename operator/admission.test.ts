import fc from "fast-check";
import { expect, test } from "vitest";
import { aJob, aPod, aTrainTask, anExit } from "../test/builders/objects.ts";
import type { Overrides } from "../test/builders/objects.ts";
import { anObserved, completed, deleted, failed, ready, runningStatus, time } from "../test/builders/observed.ts";
import type { Sight } from "../test/builders/observed.ts";
import type { TrainTask } from "../traintask/task.ts";
import { attemptAfter, lineUp, wantsSlot } from "./admission.ts";
import { projectJob, projectPod, projectTask } from "./project.ts";
import { heldSlots } from "./slots.ts";

const condition = (type: "Admitted" | "Complete" | "Failed", status: "True" | "False", reason: string) => ({
  conditions: [{ type, status, reason, lastTransitionTime: time(0) }],
});
const retrying = { ...condition("Admitted", "False", "Retrying"), attempt: 1 } satisfies Overrides<TrainTask["status"]>;
const model = { digest: `sha256:${"c".repeat(64)}`, sizeBytes: 1, partial: false };

const wanting: Record<string, Sight> = {
  "a new task": {},
  "a task that says it waits": { task: { status: condition("Admitted", "False", "Waiting") } },
  "a resumed task whose Job is gone": {
    task: { status: { ...condition("Admitted", "False", "Suspended"), attempt: 1 } },
  },
  "a task to be retried, beside its failed Job": { task: { status: retrying }, job: failed(), pod: anExit(137) },
};
const notWanting: Record<string, Sight> = {
  "a complete task": { task: { status: condition("Complete", "True", "Trained") } },
  "a failed task": { task: { status: condition("Failed", "True", "BadData") } },
  "a suspended task": { task: { spec: { suspend: true } } },
  "a cancelled task": { task: { spec: { cancel: true } } },
  "a task that is being deleted": { task: { metadata: { deletionTimestamp: time(1) } } },
  "a task with Kueue's label": { task: { metadata: { labels: { "kueue.x-k8s.io/queue-name": "q" } } } },
  "a task whose Job lives": { job: ready },
  "a task whose Job is complete": { job: completed },
  "a task whose Job failed, before that is on record": { task: { status: runningStatus }, job: failed() },
  "a task whose Job vanished, before that is on record": { task: { status: runningStatus } },
  "a task whose Job is still being deleted": { task: { status: retrying }, job: deleted, pod: anExit(143) },
  "a task of which a pod still runs": { task: { status: retrying }, pod: {} },
  "a task of which something cannot be read": { task: { status: retrying }, rest: { unreadable: "Pod x" } },
  "a task whose model is whole": { task: { status: { ...retrying, model } } },
  "a task that used up its run time": {
    task: { spec: { activeDeadlineSeconds: 5 }, status: { ...retrying, ranSeconds: 5 } },
  },
};

for (const [name, sight] of Object.entries(wanting)) {
  test(`${name} wants a slot`, () => expect(wantsSlot(anObserved(sight))).toBe(true));
}
for (const [name, sight] of Object.entries(notWanting)) {
  test(`${name} wants no slot`, () => expect(wantsSlot(anObserved(sight))).toBe(false));
}

test("the next attempt is one that neither the status nor a Job in sight knows", () => {
  expect(attemptAfter(anObserved())).toBe(1);
  expect(attemptAfter(anObserved({ task: { status: { attempt: 4 } } }))).toBe(5);
  expect(attemptAfter(anObserved({ job: { metadata: { labels: { "traintask.dev/attempt": "7" } } } }))).toBe(8);
});

test("priority goes first, then the namespace with fewer slots, then age", () => {
  const line = [
    aNamed("old", 0, { namespace: "a", creationTimestamp: "2030-01-01T00:00:01Z" }),
    aNamed("young", 0, { namespace: "a", creationTimestamp: "2030-01-01T00:00:02Z" }),
    aNamed("other", 0, { namespace: "b", creationTimestamp: "2030-01-01T00:00:03Z" }),
    aNamed("urgent", 5, { namespace: "a", creationTimestamp: "2030-01-01T00:00:04Z" }),
  ];
  const held = [{ namespace: "a", jobName: "x", taskUid: "x" }];
  const { next, waiting } = lineUp(line, held, 3);
  expect(next.map(({ metadata }) => metadata.name)).toEqual(["urgent", "other"]);
  expect(waiting.map(({ metadata }) => metadata.name)).toEqual(["old", "young"]);
});

test("whatever is held and waits, the limit is not exceeded, no task is left out, and no slot is left free", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(20), fc.nat(10), (held, count, limit) => {
      const slots = Array.from({ length: held }, (_, index) => ({ namespace: "a", jobName: `${index}`, taskUid: "x" }));
      const tasks = Array.from({ length: count }, (_, index) => aNamed(`t${index}`, index % 3, {}));
      const { next, waiting } = lineUp(tasks, slots, limit);
      expect(next.length).toBe(Math.min(count, Math.max(0, limit - held)));
      expect(new Set([...next, ...waiting])).toEqual(new Set(tasks));
    }),
  );
});

const slotCases: Record<string, { sight: Sight; held: number }> = {
  "a Job that has not begun": { sight: { job: {} }, held: 1 },
  "a Job and its pod, once": { sight: { job: ready, pod: {} }, held: 1 },
  "a Job that ended": { sight: { job: completed, pod: anExit(0) }, held: 0 },
  "a Job that is being deleted": { sight: { job: deleted }, held: 1 },
  "a pod whose Job is gone": { sight: { pod: {} }, held: 1 },
  "a terminating pod of a Job that failed": {
    sight: { job: failed(), pod: { metadata: { deletionTimestamp: time(1) } } },
    held: 1,
  },
  "a pod that ended": { sight: { pod: anExit(1) }, held: 0 },
};
for (const [name, { sight, held }] of Object.entries(slotCases)) {
  test(`${name} holds ${held === 0 ? "no slot" : "one slot"}`, () => {
    const { jobs, pods } = anObserved(sight);
    expect(heldSlots(jobs, pods)).toHaveLength(held);
  });
}

test("two Jobs of two tasks hold two slots, also when their names are the same in two namespaces", () => {
  const tasks = ["a", "b"].map((namespace) => aTrainTask({ metadata: { namespace } }));
  const jobs = tasks.map((task) => projectJob(aJob({}, { task })));
  const pods = tasks.map((task) => projectPod(aPod({}, { task })));
  expect(heldSlots(jobs, pods)).toHaveLength(2);
});

function aNamed(name: string, priority: number, metadata: Overrides<TrainTask["metadata"]>) {
  return projectTask(aTrainTask({ metadata: { name, uid: `uid-${name}`, ...metadata }, spec: { priority } }));
}
