import { expect, test } from "vitest";
import { anExit } from "../test/builders/objects.ts";
import { anObserved, at, failed, runningStatus, time } from "../test/builders/observed.ts";
import type { Sight } from "../test/builders/observed.ts";
import { plan } from "./plan.ts";

const oom = anExit(137, { reason: "OOMKilled", finishedAt: time(60) });

function after(sight: Sight) {
  return plan(anObserved({ job: failed(), ...sight }), at(100));
}

test("out of memory: the next attempt has 1.5 times as much, and the failure counts", () => {
  const { status, events } = after({ task: { status: runningStatus }, pod: oom });
  expect(status).toMatchObject({ state: "Queued", retries: 1, memory: "1536Mi", attempt: 1, ranSeconds: 60 });
  expect(events).toMatchObject([{ type: "Warning", reason: "Retrying" }]);
});

test("memory grows up to the cap, and the task fails when that was not enough", () => {
  const limited = (memory: string) => ({
    job: {
      ...failed(),
      spec: {
        template: { spec: { containers: [{ name: "trainer", image: "x", resources: { limits: { memory } } }] } },
      },
    },
  });
  expect(after({ task: { status: runningStatus }, pod: oom, ...limited("7Gi") }).status?.memory).toBe("8192Mi");
  expect(after({ task: { status: runningStatus }, pod: oom, ...limited("8Gi") }).status?.failure?.class).toBe(
    "OOMKilled",
  );
});

test("a trainer that noticed it itself gets more memory as well", () => {
  expect(after({ task: { status: runningStatus }, pod: anExit(71) }).status?.memory).toBe("1536Mi");
});

test("killed for another cause: the next attempt is unchanged", () => {
  const { status } = after({ task: { status: runningStatus }, pod: anExit(137) });
  expect(status).toMatchObject({ state: "Queued", retries: 1 });
  expect(status).not.toHaveProperty("memory");
});

test("failures of all attempts share one backoffLimit", () => {
  const task = { spec: { backoffLimit: 3 }, status: { ...runningStatus, retries: 2 } };
  expect(after({ task, pod: oom, job: failed("PodFailurePolicy", 1) }).status?.state).toBe("Queued");
  const used = after({ task, pod: oom, job: failed("PodFailurePolicy", 2) });
  expect(used.status).toMatchObject({ state: "Failed", retries: 4 });
});

test("a Job that used up its own retries is not tried again", () => {
  expect(
    after({ task: { status: runningStatus }, pod: anExit(1), job: failed("BackoffLimitExceeded", 4) }).status,
  ).toMatchObject({ state: "Failed", failure: { class: "TrainerError" } });
});

test("bad data is not tried again, however many retries are left", () => {
  expect(after({ task: { status: runningStatus }, pod: anExit(65) }).status?.state).toBe("Failed");
});

test("a task that is suspended after its Job failed is retried after it is resumed", () => {
  const sight = { task: { spec: { suspend: true }, status: runningStatus }, pod: oom };
  const observed = anObserved({ job: failed(), ...sight });
  const { status = {} } = plan(observed, at(100));
  expect(status).toMatchObject({ memory: "1536Mi", retries: 1 });
  const then = plan({ ...observed, task: { ...observed.task, status } }, at(101)).status;
  expect(then).toMatchObject({ state: "Suspended", memory: "1536Mi", retries: 1 });
});
