import { describe, expect, test } from "vitest";
import { silentLog } from "../../kube/log.ts";
import { type Event, events, type Pod, pods, type PodSpec } from "../../kube/objects.ts";
import { memoryServer } from "../../test/builders/registry.ts";
import type { Registry } from "../registry.ts";
import { misfits, unschedulable } from "./fit.ts";
import { requestsOf } from "./requests.ts";
import { startScheduler } from "./scheduler.ts";

const capacity = { cpu: 2, memory: 2 ** 30, pods: 3 };
const node = { labels: { "kubernetes.io/os": "linux" }, capacity };

function asking(requests: Record<string, string>, spec: Partial<PodSpec> = {}): Pod {
  return { spec: { containers: [{ name: "main", image: "x", resources: { requests } }], ...spec } };
}

function create(registry: Registry, name: string, { spec }: Pod): void {
  registry.create<Pod>(pods, { metadata: { name, namespace: "default" }, ...(spec === undefined ? {} : { spec }) });
}

const placed = (registry: Registry): (string | undefined)[] =>
  registry
    .list<Pod>(pods)
    .filter(({ spec }) => spec?.nodeName === "here")
    .map(({ metadata }) => metadata?.name);

function aScheduler() {
  const server = memoryServer();
  startScheduler({ ...server, log: silentLog, nodeName: "here", node });
  return server;
}

describe("what a pod asks for", () => {
  test("is the sum of its containers", () => {
    const spec = {
      containers: [
        { name: "a", resources: { requests: { cpu: "500m", memory: "1Mi" } } },
        { name: "b", resources: { requests: { cpu: "1" } } },
      ],
    };
    expect(requestsOf({ spec })).toEqual({ cpu: 1.5, memory: 2 ** 20, pods: 1 });
  });

  test("is its limit where there is no request", () => {
    expect(requestsOf({ spec: { containers: [{ name: "a", resources: { limits: { cpu: "2" } } }] } }).cpu).toBe(2);
  });

  test("is more than there is where it cannot be read, and never less than nothing", () => {
    expect(requestsOf(asking({ cpu: "1..2" })).cpu).toBe(Infinity);
    expect(requestsOf(asking({ cpu: "-1" })).cpu).toBe(0);
  });

  test("is nothing where it asks for nothing", () => {
    expect(requestsOf({ spec: { containers: [{ name: "a" }] } })).toEqual({ cpu: 0, memory: 0, pods: 1 });
  });
});

describe("a pod fits", () => {
  const none = { cpu: 0, memory: 0, pods: 0 };
  const cases: Record<string, { pod: Pod; used?: typeof none; reasons: string[] }> = {
    exactly: { pod: asking({ cpu: "2", memory: "1Gi" }), reasons: [] },
    "in spite of the rounding of decimal fractions": {
      pod: asking({ cpu: "200m" }),
      used: { cpu: 0.1 + 0.2 + 1.5, memory: 0, pods: 0 },
      reasons: [],
    },
    "not beside what is placed": {
      pod: asking({ cpu: "1" }),
      used: { cpu: 1.5, memory: 0, pods: 1 },
      reasons: ["Insufficient cpu"],
    },
    "not into less memory": { pod: asking({ memory: "2Gi" }), reasons: ["Insufficient memory"] },
    "not as one pod too many": { pod: asking({}), used: { cpu: 0, memory: 0, pods: 3 }, reasons: ["Too many pods"] },
    "where its selector matches": { pod: asking({}, { nodeSelector: { "kubernetes.io/os": "linux" } }), reasons: [] },
    "not where its selector does not": {
      pod: asking({}, { nodeSelector: { gpu: "yes" } }),
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    },
  };
  test.each(Object.entries(cases))("%s", (_, { pod, used = none, reasons }) => {
    expect(misfits(pod, used, node)).toEqual(reasons);
  });

  test("not for several reasons, which are told in Kubernetes' words", () => {
    const reasons = misfits(asking({ cpu: "9", memory: "9Gi" }), none, node);
    expect(unschedulable(reasons)).toBe("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.");
  });
});

describe("the scheduler", () => {
  test("places a pod and says so", async () => {
    const { registry, clock } = aScheduler();
    create(registry, "a", asking({ cpu: "1" }));
    await clock.advance(1);
    expect(placed(registry)).toEqual(["a"]);
    const [pod] = registry.list<Pod>(pods);
    expect(pod?.status?.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
  });

  test("says once why a pod has no place, and places a smaller one that came later", async () => {
    const { registry, clock } = aScheduler();
    create(registry, "big", asking({ cpu: "3" }));
    create(registry, "small", asking({ cpu: "1" }));
    await clock.advance(60_000);
    expect(placed(registry)).toEqual(["small"]);
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    expect(registry.list<Pod>(pods)[0]?.status).toMatchObject({
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    });
    const told = registry.list<Event>(events).filter(({ reason }) => reason === "FailedScheduling");
    expect(told).toMatchObject([{ message, count: 1 }]);
  });

  test("places no pod that claims a volume, and says what to use instead", async () => {
    const { registry, clock } = aScheduler();
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "tables" } }];
    create(registry, "claims", asking({ cpu: "3" }, { volumes }));
    await clock.advance(60_000);
    expect(placed(registry)).toEqual([]);
    const [pod] = registry.list<Pod>(pods);
    expect(pod?.status?.conditions).toMatchObject([{ type: "PodScheduled", status: "False", reason: "Unschedulable" }]);
    expect(pod?.status?.conditions?.[0]?.message).toMatch(/"tables" not found.*no persistent volumes.*ConfigMap/);
  });

  test("gives a place that became free to the pod of higher priority, then to the older one", async () => {
    const { registry, clock } = aScheduler();
    create(registry, "first", asking({ cpu: "2" }));
    await clock.advance(1);
    create(registry, "older", asking({ cpu: "2" }));
    await clock.advance(2_000);
    create(registry, "newer", asking({ cpu: "2" }));
    create(registry, "urgent", asking({ cpu: "2" }, { priority: 5 }));
    for (const done of ["first", "urgent", "older"]) {
      await clock.advance(1);
      const pod = registry.get<Pod>(pods, { namespace: "default", name: done }) ?? {};
      registry.updateStatus<Pod>(pods, { ...pod, status: { ...pod.status, phase: "Succeeded" } });
    }
    await clock.advance(1);
    expect(placed(registry)).toEqual(["first", "newer", "older", "urgent"]);
    const scheduled = registry.list<Event>(events).filter(({ reason }) => reason === "Scheduled");
    const order = scheduled
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ involvedObject }) => involvedObject.name);
    expect(order).toEqual(["first", "urgent", "older", "newer"]);
  });

  test("places no more than fit, of pods that came together", async () => {
    const { registry, clock } = aScheduler();
    for (const name of ["a", "b", "c"]) create(registry, name, asking({ cpu: "1" }));
    await clock.advance(1);
    expect(placed(registry)).toEqual(["a", "b"]);
  });

  test("leaves pods alone that are gated or being deleted", async () => {
    const { registry, clock } = aScheduler();
    create(registry, "gated", asking({}, { schedulingGates: [{ name: "example.com/wait" }] }));
    registry.create<Pod>(pods, {
      metadata: { name: "going", namespace: "default", finalizers: ["example.com/hold"] },
      ...asking({}),
    });
    registry.delete(pods, { namespace: "default", name: "going" });
    await clock.advance(1);
    expect(placed(registry)).toEqual([]);
  });
});
