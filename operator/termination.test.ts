import { expect, test } from "vitest";
import { aPod, anExit } from "../test/builders/objects.ts";
import { at, time } from "../test/builders/observed.ts";
import { clip, withConditions } from "./conditions.ts";
import { projectPod } from "./project.ts";
import { ended, endsOf, newerWords } from "./termination.ts";
import { instant, timestamp } from "../kube/timestamp.ts";

const pod = (exitCode: number, terminated: Parameters<typeof anExit>[1] = {}) => {
  return projectPod(aPod(anExit(exitCode, terminated)));
};

test("a trainer's last words are read as the contract has them", () => {
  const words = { trainerStatus: { progressPercentage: 100, lastUpdatedTime: time(5) }, score: "acc 0.9" };
  expect(ended(pod(0, { message: JSON.stringify(words), finishedAt: time(6) }))).toMatchObject({
    exitCode: 0,
    words,
    lastLines: [],
    finishedAt: at(6),
  });
});

const texts: Record<string, { message: string; lines: string[] }> = {
  "plain text": { message: "one\n\ntwo\r\n", lines: ["one", "two"] },
  "JSON that is cut off": { message: '{"score": "acc', lines: ['{"score": "acc'] },
  "JSON of another kind": { message: '{"score": 5}', lines: ['{"score": 5}'] },
  nothing: { message: "", lines: [] },
};
for (const [name, { message, lines }] of Object.entries(texts)) {
  test(`${name} is kept as lines, and says nothing else`, () => {
    expect(ended(pod(1, { message }))).toMatchObject({ words: {}, lastLines: lines });
  });
}

test("the last end stands last, and the newest words win", () => {
  const say = (seconds: number) => ({
    message: JSON.stringify({ trainerStatus: { progressPercentage: seconds, lastUpdatedTime: time(seconds) } }),
    finishedAt: time(seconds),
  });
  const ends = endsOf([pod(1, say(20)), pod(0, say(10))]);
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 1]);
  expect(newerWords({}, ends).trainerStatus?.progressPercentage).toBe(20);
  expect(newerWords({ trainerStatus: { lastUpdatedTime: time(30) } }, ends)).toEqual({});
});

test("text is cut without cutting a character in two, and lone surrogates are mended", () => {
  expect(clip("short", 10)).toBe("short");
  expect(clip(`${"x".repeat(8)}😀yy`, 10)).toBe(`${"x".repeat(8)}…`);
  expect(clip("a\uD800b", 10)).toBe("a\uFFFDb");
});

test("a condition's moment is that of its status, whatever its words", () => {
  const change = { type: "Running", status: "True", reason: "PodsReady" } as const;
  const first = withConditions(undefined, [change], at(1));
  const reworded = withConditions(first, [{ ...change, reason: "Stopping", message: "x" }], at(2));
  expect(reworded).toEqual([{ ...change, reason: "Stopping", message: "x", lastTransitionTime: time(1) }]);
  const turned = withConditions(reworded, [{ ...change, status: "False" }], at(3));
  expect(turned).toEqual([{ ...change, status: "False", lastTransitionTime: time(3) }]);
});

test("times are whole seconds in UTC, and what is no time is none", () => {
  expect(timestamp(at(1) + 999)).toBe("2030-01-01T00:00:01Z");
  expect(instant(timestamp(at(1)))).toBe(at(1));
  expect([instant(undefined), instant("never")]).toEqual([undefined, undefined]);
});
