import { describe, expect, test } from "vitest";
import { silentLog } from "../../kube/log.ts";
import { type Event, events, type Job, type JobSpec, jobs, type Pod, pods } from "../../kube/objects.ts";
import { failingAt, type MemoryServer, memoryServer } from "../../test/builders/registry.ts";
import type { Registry } from "../registry.ts";
import { timestamp } from "../timestamp.ts";
import { startJobController } from "./controller.ts";

const key = { namespace: "default", name: "grow" };
const backOff = { firstMs: 10_000, longestMs: 600_000 };

function createJob(registry: Registry, spec: Partial<JobSpec> = {}): Job {
  return registry.create<Job>(jobs, {
    metadata: key,
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "x" }] } }, ...spec },
  });
}

const job = (registry: Registry): Job => registry.get<Job>(jobs, key) ?? {};
const podsOf = (registry: Registry): Pod[] => registry.list<Pod>(pods);
const live = (registry: Registry): Pod[] => podsOf(registry).filter(({ status }) => status?.phase === "Pending");

/** Ends a pod as a kubelet would. */
function end({ registry, clock }: MemoryServer, { metadata }: Pod, phase: "Succeeded" | "Failed"): void {
  const pod = registry.get<Pod>(pods, { namespace: "default", name: metadata?.name ?? "" }) ?? {};
  const terminated = { exitCode: phase === "Failed" ? 1 : 0, finishedAt: timestamp(clock.now()) };
  const container = { name: "main", image: "x", imageID: "", ready: false, restartCount: 0, state: { terminated } };
  registry.updateStatus<Pod>(pods, { ...pod, status: { ...pod.status, phase, containerStatuses: [container] } });
}

test("a Job's pods are its own, labelled, tracked, and numbered in every place", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  startJobController({ registry, clock, log: silentLog });
  const { metadata } = createJob(registry, { completionMode: "Indexed", completions: 2, parallelism: 2 });
  await clock.advance(1);
  const [first] = podsOf(registry);
  expect(first?.metadata).toMatchObject({
    name: expect.stringMatching(/^grow-0-[a-z0-9]{5}$/) as unknown,
    labels: { "batch.kubernetes.io/job-name": "grow", "batch.kubernetes.io/controller-uid": metadata?.uid },
    annotations: { "batch.kubernetes.io/job-completion-index": "0" },
    finalizers: ["batch.kubernetes.io/job-tracking"],
    ownerReferences: [{ kind: "Job", name: "grow", uid: metadata?.uid, controller: true, blockOwnerDeletion: true }],
  });
  expect(first?.spec?.containers[0]?.env).toEqual([
    {
      name: "JOB_COMPLETION_INDEX",
      valueFrom: {
        fieldRef: {
          apiVersion: "v1",
          fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']",
        },
      },
    },
  ]);
  expect(first?.spec?.hostname).toBe("grow-0");
});

test("a failed pod is replaced after the back-off and not before", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  startJobController({ registry, clock, log: silentLog, backOff });
  createJob(registry);
  await clock.advance(1);
  for (const pod of live(registry)) end(server, pod, "Failed");
  await clock.advance(8_000);
  expect(live(registry)).toHaveLength(0);
  await clock.advance(3_000);
  expect(live(registry)).toHaveLength(1);
});

test("each happening is told as an event of the Job", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  startJobController({ registry, clock, log: silentLog });
  createJob(registry);
  await clock.advance(1);
  for (const pod of live(registry)) end(server, pod, "Succeeded");
  await clock.advance(1);
  const reasons = registry.list<Event>(events).map(({ reason, involvedObject }) => [reason, involvedObject.kind]);
  expect(new Set(reasons.map(String))).toEqual(new Set(["Completed,Job", "SuccessfulCreate,Job"]));
});

test("a Job that someone else manages is left alone", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  startJobController({ registry, clock, log: silentLog });
  createJob(registry, { managedBy: "example.com/other" });
  await clock.advance(1_000);
  expect(podsOf(registry)).toEqual([]);
  expect(job(registry).status).toEqual({});
});

test("after its time to live a finished Job is deleted in the foreground", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  startJobController({ registry, clock, log: silentLog });
  createJob(registry, { ttlSecondsAfterFinished: 30 });
  await clock.advance(1);
  for (const pod of live(registry)) end(server, pod, "Succeeded");
  await clock.advance(29_000);
  expect(job(registry).metadata).not.toHaveProperty("deletionTimestamp");
  await clock.advance(2_000);
  expect(job(registry).metadata?.finalizers).toEqual(["foregroundDeletion"]);
});

test("pods of a Job that is gone lose the finalizer that nobody else would take away", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  const stop = startJobController({ registry, clock, log: silentLog });
  createJob(registry);
  await clock.advance(1);
  stop();
  registry.delete(jobs, key, { propagationPolicy: "Background" });
  startJobController({ registry, clock, log: silentLog });
  await clock.advance(1);
  expect(podsOf(registry).map(({ metadata }) => metadata?.finalizers ?? [])).toEqual([[]]);
});

test("a pod that was taken from its Job loses the finalizer too", async () => {
  const { registry, clock } = memoryServer();
  startJobController({ registry, clock, log: silentLog });
  createJob(registry);
  await clock.advance(1);
  for (const { metadata: { ownerReferences: _, ...metadata } = {}, ...pod } of podsOf(registry)) {
    registry.update<Pod>(pods, { ...pod, metadata });
  }
  await clock.advance(1);
  const orphans = podsOf(registry).filter(({ metadata }) => metadata?.ownerReferences === undefined);
  expect(orphans.map(({ metadata }) => metadata?.finalizers ?? [])).toEqual([[]]);
});

test("a Job of the same name does not take over the pods of the one before", async () => {
  const server = memoryServer();
  const { registry, clock } = server;
  startJobController({ registry, clock, log: silentLog });
  createJob(registry);
  await clock.advance(1);
  const [before] = podsOf(registry);
  registry.delete(jobs, key, { propagationPolicy: "Background" });
  createJob(registry);
  await clock.advance(1);
  expect(podsOf(registry)).toHaveLength(2);
  if (before !== undefined) end(server, before, "Succeeded");
  await clock.advance(1);
  expect(job(registry).status).toMatchObject({ active: 1 });
  expect(job(registry).status).not.toHaveProperty("succeeded");
});

describe("cut off before any of its writes and started again, the controller", () => {
  const modes: Record<string, Partial<JobSpec>> = {
    "counts each end of a plain Job once": {},
    "counts each end of an Indexed Job once": { completionMode: "Indexed" },
    "counts each end once with limits per index": { completionMode: "Indexed", backoffLimitPerIndex: 2 },
  };
  for (const [name, spec] of Object.entries(modes)) {
    test(name, async () => {
      for (let death = 1; death <= 24; death++) {
        const server = memoryServer();
        const { registry, clock, apiServer } = server;
        let stop = startJobController({ registry: failingAt(registry, death), clock, log: silentLog, backOff });
        createJob(registry, { completions: 3, parallelism: 2, ...spec });
        let failed = 0;
        // One pod fails, the others succeed; halfway a new controller takes over.
        for (let round = 0; round < 40; round++) {
          await clock.advance(3_000);
          const [pod] = live(registry);
          if (pod !== undefined) end(server, pod, failed++ === 0 ? "Failed" : "Succeeded");
          if (round === 4) {
            stop();
            stop = startJobController({ registry, clock, log: silentLog, backOff });
          }
        }
        const { status } = job(registry);
        expect({ death, ...status }).toMatchObject({ death, succeeded: 3, failed: 1, uncountedTerminatedPods: {} });
        expect(podsOf(registry), `pods with a death at write ${death}`).toHaveLength(4);
        apiServer.close();
      }
    });
  }
});
