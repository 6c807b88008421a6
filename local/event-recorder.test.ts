import { expect, test } from "vitest";
import { type Event, events, namespaces, type Pod, pods } from "../kube/objects.ts";
import { memoryServer } from "../test/builders/registry.ts";
import { eventRecorder } from "./event-recorder.ts";

const happening = { type: "Warning", reason: "Failed", message: "it did not work" } as const;

function aPod(registry: ReturnType<typeof memoryServer>["registry"], namespace = "default"): Pod {
  return registry.create<Pod>(pods, {
    metadata: { name: "solo", namespace },
    spec: { containers: [{ name: "main", image: "x" }] },
  });
}

test("an event says what happened to which object, who tells it, and when", () => {
  const { registry, clock } = memoryServer();
  const pod = aPod(registry);
  eventRecorder(registry, clock, "kubelet")(pod, happening);
  expect(registry.list<Event>(events)).toMatchObject([
    {
      ...happening,
      count: 1,
      source: { component: "kubelet" },
      involvedObject: { kind: "Pod", name: "solo", namespace: "default", uid: pod.metadata?.uid },
      firstTimestamp: "2030-01-01T00:00:00Z",
      lastTimestamp: "2030-01-01T00:00:00Z",
    },
  ]);
});

test("the same told again is one event, counted, with the time of the last", async () => {
  const { registry, clock } = memoryServer();
  const record = eventRecorder(registry, clock, "kubelet");
  const pod = aPod(registry);
  record(pod, happening);
  await clock.advance(60_000);
  record(pod, happening);
  expect(registry.list<Event>(events)).toMatchObject([
    { count: 2, firstTimestamp: "2030-01-01T00:00:00Z", lastTimestamp: "2030-01-01T00:01:00Z" },
  ]);
});

test("something else about the same object is another event", () => {
  const { registry, clock } = memoryServer();
  const record = eventRecorder(registry, clock, "kubelet");
  const pod = aPod(registry);
  record(pod, happening);
  record(pod, { ...happening, message: "it still does not work" });
  expect(registry.list<Event>(events)).toHaveLength(2);
});

test("an event that is refused, because its namespace is going, stops nobody", () => {
  const { registry, clock } = memoryServer();
  registry.create(namespaces, { metadata: { name: "going" } });
  const pod = aPod(registry, "going");
  registry.update<Pod>(pods, { ...pod, metadata: { ...pod.metadata, finalizers: ["example.com/hold"] } });
  registry.delete(namespaces, { name: "going" });
  expect(() => eventRecorder(registry, clock, "kubelet")(pod, happening)).not.toThrow();
  expect(registry.list<Event>(events)).toEqual([]);
});
