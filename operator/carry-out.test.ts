import { expect, test } from "vitest";
import type { KubeClient, PatchChange } from "../kube/client.ts";
import { apiError, TransportError } from "../kube/errors.ts";
import { silentLog } from "../kube/log.ts";
import { anObserved, deleted, ready, runningStatus, at } from "../test/builders/observed.ts";
import type { Sight } from "../test/builders/observed.ts";
import { carryOut } from "./carry-out.ts";
import { OwnWrites } from "./own-writes.ts";
import { plan } from "./plan.ts";

const cancelled: Sight = { task: { spec: { cancel: true }, status: runningStatus }, job: ready, pod: {} };
const over: Sight = { task: { spec: { cancel: true }, status: { ...runningStatus, left: "2m" } } };

/** What is sent for a sight, in order; `fail` is thrown by the first call of that name. */
async function sentFor(sight: Sight, fail: { readonly call?: string; readonly error?: Error } = {}) {
  const calls: unknown[][] = [];
  const call = (name: string, ...rest: unknown[]): { metadata: { resourceVersion: string } } => {
    calls.push([name, ...rest]);
    if (fail.call === name) throw fail.error ?? new Error(name);
    return { metadata: { resourceVersion: "99" } };
  };
  const client = {
    delete: async (kind: { kind: string }, key: { name: string }, options: object) =>
      call("delete", kind.kind, key.name, options),
    patchStatus: async (_kind: object, key: { name: string }, { body }: PatchChange) => call("patch", key.name, body),
  } as unknown as KubeClient;
  const ownWrites = new OwnWrites();
  const observed = anObserved(sight);
  const events = {
    record: ({ reason }: { reason: string }) => void call("event", reason),
    flush: () => Promise.resolve(),
  };
  const hands = { client, events, ownWrites, log: silentLog };
  const outcome = await carryOut(hands, observed.task, plan(observed, at(40))).catch((error: unknown) => error);
  return { calls, names: calls.map(([name]) => name), outcome, ownWrites, task: observed.task };
}

test("children come first, then the status once", async () => {
  const { calls } = await sentFor(cancelled);
  expect(calls).toMatchObject([
    [
      "delete",
      "Job",
      "iris-0a1b2c3d-1",
      { uid: anObserved(cancelled).jobs[0]?.metadata.uid, propagationPolicy: "Foreground" },
    ],
    ["patch", "iris", {}],
  ]);
});

test("Events come last, and only once the status is written", async () => {
  expect((await sentFor(over)).names).toEqual(["patch", "event"]);
  const conflict = apiError({ code: 409, reason: "Conflict" });
  expect((await sentFor(over, { call: "patch", error: conflict })).names).toEqual(["patch"]);
});

test("a delete that fails keeps the status from being written", async () => {
  const { names, outcome } = await sentFor(cancelled, { call: "delete", error: apiError({ code: 500 }) });
  expect(names).toEqual(["delete"]);
  expect(outcome).toMatchObject({ name: "ServerError" });
});

for (const code of [404, 409]) {
  test(`an object that is gone, or another one by now (${code}), counts as deleted`, async () => {
    const { names } = await sentFor(cancelled, { call: "delete", error: apiError({ code, reason: "Conflict" }) });
    expect(names).toEqual(["delete", "patch"]);
  });
}

test("what has not changed is not written", async () => {
  const first = await sentFor({ task: { spec: { cancel: true }, status: runningStatus }, job: deleted, pod: {} });
  const [, , body] = first.calls[0] ?? [];
  expect(Object.keys((body as { status: object }).status).toSorted()).not.toContain("startTime");
});

test("only the last write demands that the task is as it was seen, so that it never hits a successor", async () => {
  const [, , last] = (await sentFor(over)).calls[0] ?? [];
  expect(last).toMatchObject({ metadata: { resourceVersion: "1" }, status: { left: null } });
  const [, , other] = (await sentFor(cancelled)).calls[1] ?? [];
  expect(other).not.toHaveProperty("metadata");
});

test("after a write the task is behind until the cache shows it", async () => {
  const { ownWrites, task } = await sentFor(over);
  expect(ownWrites.isBehind(task)).toBe(true);
  expect(ownWrites.isBehind({ ...task, metadata: { ...task.metadata, resourceVersion: "99" } })).toBe(false);
});

test("a write without an answer must be read back", async () => {
  for (const error of [new TransportError("reset"), apiError({ code: 503 })]) {
    const { ownWrites, task, outcome } = await sentFor(over, { call: "patch", error });
    expect(outcome).toBe(error);
    expect(ownWrites.mustBeRead(task.metadata.uid)).toBe(true);
  }
});

test("a status that the API server refuses is not sent again and again", async () => {
  const { ownWrites, task, outcome } = await sentFor(over, { call: "patch", error: apiError({ code: 422 }) });
  expect(outcome).toBeUndefined();
  expect(ownWrites.isBehind(task)).toBe(false);
});
