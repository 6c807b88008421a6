import fc from "fast-check";
import { expect, test } from "vitest";
import { aTrainTask } from "../test/builders/objects.ts";
import { at, time } from "../test/builders/observed.ts";
import { estimateStarts } from "./estimates.ts";
import { Places } from "./places.ts";
import { computePlaces } from "./positions.ts";
import { projectTask } from "./project.ts";
import type { TaskView } from "./views.ts";

const named = (name: string, status: object = {}): TaskView => {
  return projectTask(aTrainTask({ metadata: { name, uid: name }, status }));
};
const slotOf = ({ metadata }: TaskView) => ({ namespace: "default", jobName: metadata.name, taskUid: metadata.uid });
const runs = (remaining: number) => ({
  trainerStatus: { estimatedRemainingSeconds: remaining, lastUpdatedTime: time(0) },
});
const finished = {
  startTime: time(0),
  completionTime: time(60),
  conditions: [{ type: "Complete", status: "True", reason: "Trained", lastTransitionTime: time(60) }],
};

test("the first ten of a line have a place, the others have none", () => {
  const waiting = Array.from({ length: 12 }, (_, index) => named(`t${index}`));
  const places = computePlaces({ line: { next: [], waiting }, held: [], tasks: waiting }, at(0));
  expect([...places].map(([uid, { position }]) => [uid, position])).toEqual(
    Array.from({ length: 10 }, (_, index) => [`t${index}`, index + 1]),
  );
});

test("the next one starts when the first slot is expected to be free, the one after it a usual task later", () => {
  const [slow, quick, done] = [named("slow", runs(300)), named("quick", runs(20)), named("done", finished)];
  const waiting = [named("first"), named("second"), named("third")];
  const outlook = { line: { next: [], waiting }, held: [slow, quick].map(slotOf) };
  const places = computePlaces({ ...outlook, tasks: [slow, quick, done, ...waiting] }, at(10));
  expect([...places.values()].map(({ estimatedStart }) => estimatedStart)).toEqual([at(20), at(80), at(140)]);
});

test("an estimate that has passed means now", () => {
  const late = named("late", runs(5));
  const waiting = [named("first")];
  const places = computePlaces({ line: { next: [], waiting }, held: [slotOf(late)], tasks: [late] }, at(60));
  expect(places.get("first")).toEqual({ position: 1, estimatedStart: at(60) });
});

test("nothing is promised when nobody knows how long a running task will take", () => {
  const silent = named("silent");
  const waiting = [named("first")];
  const places = computePlaces({ line: { next: [], waiting }, held: [slotOf(silent)], tasks: [silent] }, at(0));
  expect(places.get("first")).toEqual({ position: 1 });
});

test("starts are never before now, never go down, and none is told without a slot", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.nat(100), fc.nat(20), (freeAt, usualMs, count) => {
      const starts = estimateStarts({ freeAt, usualMs, count });
      expect(starts.length).toBe(freeAt.length === 0 ? 0 : count);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    }),
  );
});

test("places are computed at most every ten seconds, and who lost his is told as well", () => {
  const places = new Places();
  expect(places.of(named("a"))).toBeUndefined();
  expect(places.dueIn("default", 0)).toBe(0);
  expect(
    places.set(
      "default",
      new Map([
        ["a", { position: 1 }],
        ["b", { position: 2 }],
      ]),
      0,
    ),
  ).toEqual(["a", "b"]);
  expect(places.dueIn("default", 4000)).toBe(6000);
  expect(places.set("default", new Map([["b", { position: 2 }]]), 10_000)).toEqual(["a"]);
  expect(places.of(named("a"))).toBeNull();
  expect(places.of(named("b"))).toEqual({ position: 2 });
});
