/** Whatever happens in whatever order: properties of the operator's two decisions together. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isTerminal } from "../../operator/conditions.ts";
import { ModelCluster } from "./model-cluster.ts";

const tasks = 4;
const limit = 2;

type Step = readonly [keyof typeof steps, number];

const steps = {
  pass: (cluster: ModelCluster, index: number) => cluster.pass(index),
  admit: (cluster: ModelCluster) => cluster.admit(),
  second: (cluster: ModelCluster) => cluster.advance(1),
  minute: (cluster: ModelCluster) => cluster.advance(60),
  hour: (cluster: ModelCluster) => cluster.advance(3600),
  reap: (cluster: ModelCluster) => cluster.reap(),
  restart: (cluster: ModelCluster) => cluster.restart(),
  ready: (cluster: ModelCluster, index: number) => cluster.ready(index),
  succeed: (cluster: ModelCluster, index: number) => cluster.end(index, 0),
  badData: (cluster: ModelCluster, index: number) => cluster.end(index, 65),
  outOfMemory: (cluster: ModelCluster, index: number) => cluster.end(index, 137, "OOMKilled"),
  killed: (cluster: ModelCluster, index: number) => cluster.end(index, 137),
  vanish: (cluster: ModelCluster, index: number) => cluster.removeJob(index, false),
  orphan: (cluster: ModelCluster, index: number) => cluster.removeJob(index, true),
  seal: (cluster: ModelCluster, index: number) => cluster.seal(index),
  suspend: (cluster: ModelCluster, index: number) => cluster.setSpec(index, { suspend: true }),
  resume: (cluster: ModelCluster, index: number) => cluster.setSpec(index, { suspend: false }),
  cancel: (cluster: ModelCluster, index: number) => cluster.setSpec(index, { cancel: true }),
} as const;

/** The operator's own passes are the most frequent steps, as in life. */
const anyStep: fc.Arbitrary<Step> = fc.tuple(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<(keyof typeof steps)[]>("pass", "admit", "reap", "second") },
    { weight: 2, arbitrary: fc.constantFrom<(keyof typeof steps)[]>("ready", "succeed", "seal", "minute") },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])) },
  ),
  fc.nat(tasks - 1),
);

test("finished is final, a task has one live Job at most, and the limit holds, in any order of events", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 150, size: "max" }), (order) => {
      const cluster = new ModelCluster(tasks, limit);
      for (const step of order) walk(cluster, step);
    }),
    { numRuns: 600 },
  );
});

test("no accepted task is lost: whatever has happened, each one comes to its end once it is let be", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 100, size: "max" }), (order) => {
      const cluster = new ModelCluster(tasks, limit);
      for (const step of order) walk(cluster, step);
      for (let round = 0; round < 40; round++) {
        for (let index = 0; index < tasks; index++) {
          for (const name of ["resume", "pass", "reap", "admit", "ready", "pass", "succeed", "seal", "pass"] as const) {
            walk(cluster, [name, index]);
          }
        }
        cluster.advance(10);
        if (cluster.tasks.every(({ status }) => isTerminal(status))) break;
      }
      expect(cluster.tasks.filter(({ status }) => !isTerminal(status)).map(({ status }) => status)).toEqual([]);
      cluster.reap();
      expect(cluster.held()).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

/** Takes one step and looks whether all that must always hold still does. (Millions of looks: no `expect` here.) */
function walk(cluster: ModelCluster, [name, index]: Step): void {
  const finished = cluster.tasks.filter(({ status }) => isTerminal(status)).map((task) => ({ task, was: task.status }));
  const known = new Set(cluster.jobs.map(({ metadata }) => metadata.uid));
  steps[name](cluster, index);
  for (const { task, was } of finished) {
    mustHold(task.status.conditions === was.conditions && task.status.state === was.state, "finished is final");
    const made = cluster.liveJobsOf(task).some(({ metadata }) => !known.has(metadata.uid));
    mustHold(!made, "no Job is created for a finished task");
  }
  for (const task of cluster.tasks) mustHold(cluster.liveJobsOf(task).length <= 1, "one live Job to a task");
  mustHold(cluster.held().length <= limit, "the limit");
}

function mustHold(condition: boolean, what: string): void {
  if (!condition) throw new Error(`broken: ${what}`);
}
