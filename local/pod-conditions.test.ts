import { expect, test } from "vitest";
import type { Pod } from "../kube/objects.ts";
import { withPodCondition } from "./pod-conditions.ts";

const now = Date.UTC(2030, 0, 1);
const pod: Pod = withPodCondition(
  { status: { phase: "Pending" } },
  { type: "Ready", status: "False", reason: "A" },
  now,
);

test("a new condition is added, with its time", () => {
  expect(pod.status).toEqual({
    phase: "Pending",
    conditions: [{ type: "Ready", status: "False", reason: "A", lastTransitionTime: "2030-01-01T00:00:00Z" }],
  });
});

test("nothing new is the very same pod", () => {
  expect(withPodCondition(pod, { type: "Ready", status: "False", reason: "A" }, now + 60_000)).toBe(pod);
});

test("another reason keeps the time of the transition", () => {
  const next = withPodCondition(pod, { type: "Ready", status: "False", reason: "B" }, now + 60_000);
  expect(next.status?.conditions).toMatchObject([{ reason: "B", lastTransitionTime: "2030-01-01T00:00:00Z" }]);
});

test("another status moves it, and an old reason does not stay", () => {
  const next = withPodCondition(pod, { type: "Ready", status: "True" }, now + 60_000);
  expect(next.status?.conditions).toEqual([
    { type: "Ready", status: "True", lastTransitionTime: "2030-01-01T00:01:00Z" },
  ]);
});
