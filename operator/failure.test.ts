import { expect, test } from "vitest";
import { aTrainTask, anExit } from "../test/builders/objects.ts";
import { anObserved, at, failed, runningStatus, time } from "../test/builders/observed.ts";
import type { FailureClass } from "../traintask/reasons.ts";
import { adviceFor } from "./advice.ts";
import { memoryCodes } from "./failure.ts";
import { plan } from "./plan.ts";
import { projectTask } from "./project.ts";

const container = { trainer: { randomForest: undefined, container: { image: "x" } }, dataset: undefined };
const told = (failureClass: string) =>
  JSON.stringify({ failure: { class: failureClass, message: "told", advice: "do" } });

interface Case {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
  readonly container?: true;
  readonly expected: FailureClass;
}

const cases: Record<string, Case> = {
  "64 is a bad configuration": { exitCode: 64, expected: "BadConfiguration" },
  "64 with another class in the last words is that": {
    exitCode: 64,
    message: told("ModelTooLarge"),
    expected: "ModelTooLarge",
  },
  "65 is bad data": { exitCode: 65, expected: "BadData" },
  "a class that nobody knows is not believed": { exitCode: 65, message: told("Gremlins"), expected: "BadData" },
  "71 is out of memory": { exitCode: 71, expected: "OutOfMemory" },
  "an aborted V8 is out of memory": { exitCode: 134, expected: "OutOfMemory" },
  "the kernel's kill is OOMKilled": { exitCode: 137, reason: "OOMKilled", expected: "OOMKilled" },
  "a command that is not there never started": {
    exitCode: 128,
    reason: "StartError",
    expected: "ContainerConfigError",
  },
  "a program's own 128 is its own": { exitCode: 128, reason: "Error", container: true, expected: "UserCode" },
  "75 that nobody got over is the trainer's error": { exitCode: 75, expected: "TrainerError" },
  "any other code is the trainer's error": { exitCode: 1, expected: "TrainerError" },
  "a container's 64 is its own": { exitCode: 64, container: true, expected: "UserCode" },
  "a container's 71 is its own": { exitCode: 71, container: true, expected: "UserCode" },
  "a container cannot choose a class": { exitCode: 1, message: told("BadData"), container: true, expected: "UserCode" },
  "a container that the kernel killed is OOMKilled": {
    exitCode: 137,
    reason: "OOMKilled",
    container: true,
    expected: "OOMKilled",
  },
};

function failureOf({ exitCode, reason, message, container: own }: Case) {
  const end = anExit(exitCode, { ...(reason && { reason }), ...(message && { message }) });
  const spec = { backoffLimit: 0, ...(own ? container : {}) };
  const observed = anObserved({ task: { spec, status: runningStatus }, job: failed(), pod: end });
  return plan(observed, at(100)).status?.failure;
}

for (const [name, one] of Object.entries(cases)) {
  test(name, () => {
    expect(failureOf(one)).toMatchObject({ class: one.expected, exitCode: one.exitCode, attempt: 1 });
  });
}

test("message and advice are the trainer's own where it leaves some, else ours", () => {
  expect(failureOf({ exitCode: 65, message: told("BadData"), expected: "BadData" })).toMatchObject({
    message: "told",
    advice: "do",
  });
  const silent = failureOf({ exitCode: 1, expected: "TrainerError" });
  expect(silent?.message).toBe("The container ended with exit code 1.");
  expect(silent?.advice).toBe(adviceFor("TrainerError").advice);
});

test("what is not a trainer's last words are the last lines of its log, ten at most", () => {
  const log = Array.from({ length: 12 }, (_, index) => `line ${index} ${"x".repeat(500)}`).join("\n");
  const lines = failureOf({ exitCode: 1, message: log, expected: "TrainerError" })?.lastLines;
  expect(lines).toHaveLength(10);
  expect(lines?.[9]).toMatch(/^line 11 x+…$/);
  expect(lines?.every((line) => line.length <= 400)).toBe(true);
});

test("a Job that failed without a pod in sight tells what the Job says", () => {
  const { status } = plan(
    anObserved({ task: { status: runningStatus }, job: failed("BackoffLimitExceeded") }),
    at(100),
  );
  expect(status?.failure).toMatchObject({ class: "TrainerError", message: "Job iris-0a1b2c3d-1 failed: a pod failed" });
});

test("exit codes that may want more memory are in ascending order, as the API server asks", () => {
  expect(memoryCodes(projectTask(aTrainTask()))).toEqual([71, 134, 137, 139]);
  expect(memoryCodes(projectTask(aTrainTask({ spec: container })))).toEqual([137]);
});

test("what could not be started is told in the runtime's last words, without its stack, and has no log", () => {
  const runtime = "failed to create containerd task: unable to start container process: error during container init: ";
  const message = `${runtime}exec: "/no": stat /no: no such file or directory`;
  const failure = failureOf({ exitCode: 128, reason: "StartError", message, expected: "ContainerConfigError" });
  expect(failure?.message).toBe('The container could not be started: exec: "/no": stat /no: no such file or directory');
  expect(failure).not.toHaveProperty("lastLines");
});

test("what never ran has not run since 1970", () => {
  const end = anExit(128, { reason: "StartError", startedAt: "1970-01-01T00:00:00Z", finishedAt: time(5) });
  const spec = { backoffLimit: 0, ...container };
  const { status } = plan(anObserved({ task: { spec }, job: failed(), pod: end }), at(100));
  expect(status?.state).toBe("Failed");
  expect(status?.ranSeconds).toBeUndefined();
  expect(status?.startTime).toBeUndefined();
});
