import { describe, expect, it } from "vitest";
import type { KubeClient } from "../kube/client.ts";
import { silentLog } from "../kube/log.ts";
import type { KubeObject, Resource } from "../kube/objects.ts";
import { virtualClock } from "../kube/virtual-clock.ts";
import { tokenAudience } from "../traintask/contract.ts";
import { aJob, aPod, aTrainTask } from "../test/builders/objects.ts";
import { strangerLimit } from "./access/stranger-limit.ts";
import type { Bearer } from "./bearer.ts";
import { fence } from "./fence.ts";

const task = aTrainTask();
const key = { namespace: "default", name: "iris" };

/** A client that knows one task, its Job and its pod, and counts what it is asked. */
function setUp(watchNamespaces: readonly string[] = []) {
  const clock = virtualClock();
  const job = aJob();
  const owner = {
    apiVersion: "batch/v1",
    kind: "Job",
    name: job.metadata?.name ?? "",
    uid: job.metadata?.uid ?? "",
    controller: true,
  };
  const pod = aPod({ metadata: { ownerReferences: [owner] } });
  const objects: Record<string, KubeObject> = { pods: pod, jobs: job, traintasks: task as unknown as KubeObject };
  const state = { latest: 1, reviews: 0 };
  const client = {
    get: (resource: Resource) => Promise.resolve(objects[resource.plural]),
    reviewToken: (token: string, audiences: readonly string[]) => {
      state.reviews += 1;
      if (token !== "good" || !audiences.includes(tokenAudience(key))) return Promise.resolve(undefined);
      const extra = {
        "authentication.kubernetes.io/pod-name": [pod.metadata?.name ?? ""],
        "authentication.kubernetes.io/pod-uid": [pod.metadata?.uid ?? ""],
      };
      return Promise.resolve({ username: "x", groups: [], extra, audiences: [tokenAudience(key)] });
    },
  } as unknown as KubeClient;
  return {
    clock,
    state,
    objects,
    pod,
    gate: fence({
      client,
      clock,
      log: silentLog,
      watchNamespaces,
      strangers: strangerLimit(clock),
      latestAttempt: () => state.latest,
    }),
  };
}

const bearing = (token?: string): Bearer => ({ token, from: "10.0.0.1" });

describe("the fence", () => {
  it("says which pod it is, and of which attempt", async () => {
    const { gate, pod } = setUp();
    expect(await gate.admit(bearing("good"), key)).toMatchObject({ attempt: 1, shard: 0, podUid: pod.metadata?.uid });
  });

  it("asks once in 10 s for one token, and again after that", async () => {
    const { gate, state, clock } = setUp();
    for (let i = 0; i < 5; i++) await gate.admit(bearing("good"), key);
    expect(state.reviews).toBe(1);
    await clock.advance(9_999);
    await gate.admit(bearing("good"), key);
    expect(state.reviews).toBe(1);
    await clock.advance(1);
    await gate.admit(bearing("good"), key);
    expect(state.reviews).toBe(2);
  });

  it("remembers no refusal", async () => {
    const { gate, state } = setUp();
    await expect(gate.admit(bearing("bad"), key)).rejects.toMatchObject({ status: 401 });
    await expect(gate.admit(bearing("bad"), key)).rejects.toMatchObject({ status: 401 });
    expect(state.reviews).toBe(2);
  });

  it("refuses an attempt as soon as a later one is known, remembered or not", async () => {
    const { gate, state } = setUp();
    await gate.admit(bearing("good"), key);
    state.latest = 2;
    await expect(gate.admit(bearing("good"), key)).rejects.toMatchObject({ status: 403 });
    expect(state.reviews).toBe(1);
  });

  it("refuses a token of a pod that had the same name before", async () => {
    const { gate, objects, pod } = setUp();
    objects["pods"] = { ...pod, metadata: { ...pod.metadata, uid: "another" } };
    await expect(gate.admit(bearing("good"), key)).rejects.toMatchObject({ status: 403 });
  });

  it("refuses the pod of a Job that belongs to a task of the same name that was before", async () => {
    const { gate, objects } = setUp();
    objects["traintasks"] = aTrainTask({
      metadata: { uid: "0a1b2c3d-0000-4000-8000-0000000000ff" },
    }) as unknown as KubeObject;
    await expect(gate.admit(bearing("good"), key)).rejects.toMatchObject({ status: 403 });
  });

  it("asks about made-up tokens only so often, and serves the pods that it knows meanwhile", async () => {
    const { gate, state, clock } = setUp();
    await gate.admit(bearing("good"), key);
    for (let i = 0; i < 1000; i++) await expect(gate.admit(bearing(`bad-${i}`), key)).rejects.toThrow();
    expect(state.reviews).toBe(101);
    await expect(gate.admit(bearing("bad"), key)).rejects.toMatchObject({ status: 429 });
    await clock.advance(10_000);
    for (let i = 0; i < 1000; i++) await expect(gate.admit(bearing(`bad-${i}`), key)).rejects.toThrow();
    await gate.admit(bearing("good"), key);
  });

  it("refuses a pod of a namespace that is not served, and reads nothing there", async () => {
    const { gate, objects } = setUp(["somewhere"]);
    delete objects["pods"];
    await expect(gate.admit(bearing("good"), key)).rejects.toMatchObject({ status: 403, message: /not served here/ });
    await expect(gate.admit(bearing("bad"), key)).rejects.toMatchObject({ status: 401 });
  });

  it("finds the task that a token is for among several", async () => {
    const { gate } = setUp();
    const others = [{ namespace: "default", name: "other" }];
    expect((await gate.admitOneOf(bearing("good"), [...others, key])).task.metadata.name).toBe("iris");
    await expect(gate.admitOneOf(bearing("good"), others)).rejects.toMatchObject({ status: 401 });
    await expect(gate.admitOneOf(bearing("good"), [])).rejects.toMatchObject({ status: 401 });
    await expect(gate.admitOneOf(bearing(), [key])).rejects.toMatchObject({ status: 401 });
  });
});
