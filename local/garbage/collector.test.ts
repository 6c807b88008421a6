import { expect, test } from "vitest";
import { silentLog } from "../../kube/log.ts";
import { type Event, events, type KubeObject, namespaces, type Pod, pods, type Resource } from "../../kube/objects.ts";
import { memoryServer } from "../../test/builders/registry.ts";
import type { Registry } from "../registry.ts";
import { startGarbageCollector } from "./collector.ts";
import { startEventExpiry } from "./events.ts";
import { startPodCollector } from "./pods.ts";

const configMaps: Resource = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true };

function create(
  registry: Registry,
  name: string,
  { owner, namespace = "default" }: { owner?: KubeObject; namespace?: string } = {},
): KubeObject {
  const { name: ownerName = "", uid = "" } = owner?.metadata ?? {};
  const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: ownerName, uid, blockOwnerDeletion: true }];
  return registry.create(configMaps, {
    metadata: { name, namespace, ...(owner === undefined ? {} : { ownerReferences }) },
  });
}

const names = (registry: Registry): (string | undefined)[] =>
  registry.list(configMaps).map(({ metadata }) => metadata?.name);

test("what lost its owner while the collector was away goes when it is back", async () => {
  const { registry, clock } = memoryServer();
  const owner = create(registry, "owner");
  create(registry, "child", { owner: create(registry, "middle", { owner }) });
  create(registry, "other");
  registry.delete(configMaps, { namespace: "default", name: "owner" });
  startGarbageCollector({ registry, clock, log: silentLog, resources: [configMaps] });
  await clock.advance(10);
  expect(names(registry)).toEqual(["other"]);
});

test("a foreground deletion that was cut off is carried on", async () => {
  const { registry, clock } = memoryServer();
  const owner = create(registry, "owner");
  create(registry, "child", { owner });
  registry.delete(configMaps, { namespace: "default", name: "owner" }, { propagationPolicy: "Foreground" });
  await clock.advance(10);
  expect(names(registry)).toEqual(["child", "owner"]);
  startGarbageCollector({ registry, clock, log: silentLog, resources: [configMaps] });
  await clock.advance(10);
  expect(names(registry)).toEqual([]);
});

test("an owner in another namespace is no owner", async () => {
  const { registry, clock } = memoryServer();
  registry.create(namespaces, { metadata: { name: "far" } });
  startGarbageCollector({ registry, clock, log: silentLog, resources: [configMaps] });
  const owner = create(registry, "owner", { namespace: "far" });
  create(registry, "child", { owner });
  await clock.advance(10);
  expect(names(registry)).toEqual(["owner"]);
});

test("a pod that is deleted before it was placed is called failed, so that it can be counted", async () => {
  const { registry, clock } = memoryServer();
  startPodCollector({ registry, clock, log: silentLog });
  const spec = { containers: [{ name: "main", image: "x" }] };
  for (const [name, placed] of [
    ["stranded", {}],
    ["placed", { nodeName: "local" }],
  ] as const) {
    const metadata = { name, namespace: "default", finalizers: ["example.com/count"] };
    registry.create<Pod>(pods, { metadata, spec: { ...spec, ...placed } });
    registry.delete(pods, { namespace: "default", name });
  }
  await clock.advance(10);
  const phases = registry.list<Pod>(pods).map(({ metadata, status }) => [metadata?.name, status?.phase]);
  expect(Object.fromEntries(phases)).toEqual({ stranded: "Failed", placed: "Pending" });
});

test("events go after an hour without news", async () => {
  const { registry, clock } = memoryServer();
  startEventExpiry({ registry, clock, log: silentLog });
  const metadata = { namespace: "default" };
  const event = { involvedObject: { namespace: "default" }, lastTimestamp: new Date(clock.now()).toISOString() };
  registry.create<Event>(events, { ...event, metadata: { ...metadata, name: "old" } });
  await clock.advance(3_500_000);
  expect(registry.list(events)).toHaveLength(1);
  registry.create<Event>(events, {
    ...event,
    lastTimestamp: new Date(clock.now()).toISOString(),
    metadata: { ...metadata, name: "new" },
  });
  await clock.advance(1_300_000);
  expect(registry.list(events).map(({ metadata: { name } = {} }) => name)).toEqual(["new"]);
});
