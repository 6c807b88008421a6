import { expect, test } from "vitest";
import { anObserved } from "../test/builders/observed.ts";
import { Gate, hasPassed } from "./gate.ts";
import { OwnWrites } from "./own-writes.ts";

const create = { queue: "default", taskUid: "t", namespace: "default", name: "job-1" };
const answered = { uid: "j", resourceVersion: "10" };

function aGate() {
  const cache = { resourceVersion: "5", uids: new Map<string, string>() };
  const gate = new Gate({
    resourceVersionIn: (namespace) => (namespace === create.namespace ? cache.resourceVersion : "1000000"),
    store: { uidOf: (key) => cache.uids.get(key) },
  });
  return { gate, cache };
}

test("a queue's gate is closed from the moment a create is sent until the cache shows the Job", () => {
  const { gate, cache } = aGate();
  expect(gate.isOpen("default")).toBe(true);
  gate.sent(create);
  expect(gate.isOpen("default")).toBe(false);
  gate.created(create, answered);
  expect(gate.isOpen("default")).toBe(false);
  cache.uids.set("default/job-1", "j");
  expect(gate.isOpen("default")).toBe(true);
});

test("a Job that came and went unseen opens the gate once the cache is past it", () => {
  const { gate, cache } = aGate();
  gate.created(create, answered);
  cache.resourceVersion = "9";
  expect(gate.isOpen("default")).toBe(false);
  cache.resourceVersion = "10";
  expect(gate.isOpen("default")).toBe(true);
});

test("an older Job of the same name in the cache opens nothing", () => {
  const { gate, cache } = aGate();
  cache.uids.set("default/job-1", "another");
  gate.created(create, answered);
  expect(gate.isOpen("default")).toBe(false);
});

test("one queue's creates do not close another's gate", () => {
  const { gate } = aGate();
  gate.sent(create);
  expect(gate.isOpen("gpu")).toBe(true);
  expect([...gate.queues()]).toEqual(["default"]);
});

test("a create without an answer keeps its slot, however far the cache is", () => {
  const { gate, cache } = aGate();
  gate.sent(create);
  gate.unknown(create);
  cache.resourceVersion = "1000";
  expect(gate.isOpen("default")).toBe(false);
  expect(gate.unknowns("default")).toMatchObject([create]);
  gate.refused(create);
  expect(gate.isOpen("default")).toBe(true);
});

test("a task is concerned by a create of its own alone", () => {
  const { gate } = aGate();
  gate.sent(create);
  expect([gate.concerns("t"), gate.concerns("u")]).toEqual([true, false]);
});

test("versions are compared as numbers, and what is none only as equal", () => {
  expect(hasPassed("10", "9")).toBe(true);
  expect(hasPassed("9", "10")).toBe(false);
  expect(hasPassed("99999999999999999999", "99999999999999999998")).toBe(true);
  expect(hasPassed("", "9")).toBe(false);
  expect(hasPassed("b", "a")).toBe(false);
  expect(hasPassed("a", "a")).toBe(true);
});

test("a task is behind until its cache shows the operator's own write", () => {
  const writes = new OwnWrites();
  const seen = (resourceVersion: string) => anObserved({ task: { metadata: { resourceVersion } } }).task;
  const { uid } = seen("1").metadata;
  expect(writes.isBehind(seen("1"))).toBe(false);
  writes.begin(uid);
  expect(writes.isBehind(seen("50"))).toBe(true);
  writes.reached(uid, "7");
  expect(writes.isBehind(seen("6"))).toBe(true);
  expect(writes.isBehind(seen("7"))).toBe(false);
});

test("a status write without an answer must be read back before the task is looked at again", () => {
  const writes = new OwnWrites();
  const { task } = anObserved();
  writes.unknown(task.metadata.uid);
  expect(writes.mustBeRead(task.metadata.uid)).toBe(true);
  expect(writes.isBehind(task)).toBe(true);
  writes.forget(task.metadata.uid);
  expect(writes.isBehind(task)).toBe(false);
});
