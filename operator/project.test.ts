import { expect, test } from "vitest";
import { aJob, aPod, aTrainQueue, aTrainTask, anExit } from "../test/builders/objects.ts";
import { labels } from "../traintask/names.ts";
import { projectJob, projectPod, projectQueue, projectTask } from "./project.ts";

const csv = (length: number) => ({ dataset: { synthetic: undefined, csv: "x".repeat(length), target: "x" } });

test("a long inline table is left out of the cache, and the view says so; a short one stays", () => {
  const long = projectTask(aTrainTask({ spec: csv(1025) }));
  expect([long.csvLeftOut, long.spec.dataset?.csv]).toEqual([true, undefined]);
  const short = projectTask(aTrainTask({ spec: csv(1024) }));
  expect([short.csvLeftOut, short.spec.dataset?.csv?.length]).toEqual([false, 1024]);
});

test("labels, annotations and whatever else no policy reads are left out", () => {
  const metadata = { labels: { a: "b" }, annotations: { c: "d".repeat(1000) }, managedFields: [{}] };
  const view = projectTask(aTrainTask({ metadata: metadata }));
  expect(Object.keys(view.metadata).toSorted()).toEqual([
    "creationTimestamp",
    "generation",
    "name",
    "namespace",
    "resourceVersion",
    "uid",
  ]);
});

test("a Job is a task's only when the task controls it, by uid", () => {
  const owner = { apiVersion: "x", kind: "TrainTask", name: "iris", uid: "another", controller: true };
  expect(() => projectJob(aJob({ metadata: { ownerReferences: [owner] } }))).toThrow("does not own");
  expect(() => projectJob(aJob({ metadata: { ownerReferences: [] } }))).toThrow("does not own");
});

const broken: Record<string, () => unknown> = {
  "a Job without an attempt": () => projectJob(aJob({ metadata: { labels: { [labels.attempt]: "one" } } })),
  "a pod of attempt 0": () => projectPod(aPod({ metadata: { labels: { [labels.attempt]: "0" } } })),
  "a task without a spec": () => projectTask({ ...aTrainTask(), spec: undefined }),
  "a task whose status is nonsense": () => projectTask({ ...aTrainTask(), status: { attempt: "many" } }),
  "a queue of nobody": () => projectQueue({ ...aTrainQueue(), metadata: {} }),
  nothing: () => projectTask({}),
};
for (const [name, project] of Object.entries(broken)) {
  test(`${name} is refused, so that it alone is left out`, () => {
    expect(project).toThrow(Error);
  });
}

test("of a pod stays what tells how its container fares", () => {
  const view = projectPod(
    aPod({ ...anExit(137, { reason: "OOMKilled", message: "dying" }), spec: { nodeName: "n1" } }),
  );
  expect(view).toMatchObject({
    nodeName: "n1",
    phase: "Failed",
    container: { ready: false, terminated: { exitCode: 137, reason: "OOMKilled", message: "dying" } },
  });
  expect(view).not.toHaveProperty("spec");
});

test("containers beside the trainer do not speak for it", () => {
  const other = { name: "sidecar", ready: true, image: "", imageID: "", restartCount: 0, state: {} };
  expect(projectPod(aPod({ status: { containerStatuses: [other] } })).container).toBeUndefined();
});

test("a queue's defaults are applied", () => {
  expect(projectQueue(aTrainQueue()).spec).toMatchObject({ controllerName: "traintask.dev/operator", maxRunning: 2 });
});
