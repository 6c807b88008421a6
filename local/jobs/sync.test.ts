import { describe, expect, test } from "vitest";
import type { Job, JobStatus, Pod } from "../../kube/objects.ts";
import { aJob, aPod, failed, type JobOverrides, noon, succeeded } from "../../test/builders/jobs.ts";
import { kubernetesBackOff as limits } from "./back-off.ts";
import { type JobPlan, syncJob } from "./sync.ts";

const now = "2030-01-01T12:00:00Z";
const sync = (job: Job, ...pods: Pod[]): JobPlan => syncJob({ job, pods, now: noon, limits });
const conditions = ({ status }: JobPlan): string[] =>
  (status?.conditions ?? []).map(({ type, status: holds, reason }) => `${type}=${holds} ${reason}`);
const fresh = (overrides: JobOverrides = {}): Job => ({ ...aJob(overrides), status: {} });
const announcedFailure: JobStatus = {
  conditions: [{ type: "FailureTarget", status: "True", reason: "DeadlineExceeded", message: "m" }],
};

describe("a Job that goes on", () => {
  test("starts when it is first seen, with its pods", () => {
    const plan = sync(fresh({ spec: { parallelism: 2, completions: 2 } }));
    expect(plan.create).toHaveLength(2);
    expect(plan.status).toEqual({ startTime: now, active: 2, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
  });

  test("counts active, ready and terminating pods", () => {
    const pods = [
      aPod({ name: "a", ready: true }),
      aPod({ name: "b", phase: "Pending" }),
      aPod({ name: "c", deleting: true }),
    ];
    const plan = sync(aJob({ spec: { completions: 9, parallelism: 2 } }), ...pods);
    expect(plan.status).toMatchObject({ active: 2, ready: 1, terminating: 1 });
  });

  test("looks again when its deadline is over", () => {
    expect(sync(aJob({ spec: { activeDeadlineSeconds: 90 } }), aPod()).lookAgain).toBe(30_000);
  });

  test("looks again at the end of the back-off where that is earlier", () => {
    expect(sync(aJob({ spec: { activeDeadlineSeconds: 900 } }), failed("a")).lookAgain).toBe(10_000);
  });

  test("plans the same again when nothing has changed", () => {
    const job = fresh();
    const first = sync(job);
    expect(sync({ ...job, status: first.status ?? {} }, aPod({ phase: "Pending" })).status).toEqual(first.status);
  });
});

describe("suspension", () => {
  const suspended = { spec: { suspend: true } };

  test("of a new Job starts nothing, and no clock", () => {
    const plan = sync(fresh(suspended));
    expect(plan.create).toEqual([]);
    expect(plan.status).not.toHaveProperty("startTime");
    expect(plan.status?.conditions).toEqual([
      {
        type: "Suspended",
        status: "True",
        reason: "JobSuspended",
        message: "Job suspended",
        lastProbeTime: now,
        lastTransitionTime: now,
      },
    ]);
    expect(plan.events).toEqual([{ type: "Normal", reason: "Suspended", message: "Job suspended" }]);
  });

  test("of a running Job deletes its pods and counts them as terminating", () => {
    const plan = sync(aJob(suspended), aPod({ name: "a", ready: true }));
    expect(plan.delete).toHaveLength(1);
    expect(plan.status).toMatchObject({ ready: 0, terminating: 1 });
    expect(plan.status).not.toHaveProperty("active");
  });

  test("is told once", () => {
    const job = aJob(suspended);
    const again = sync({ ...job, status: sync(job).status ?? {} });
    expect(again.events).toEqual([]);
  });

  test("ends with a new start", () => {
    const status = {
      conditions: [{ type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" }],
    };
    const plan = sync(aJob({ status }));
    expect(plan.status?.startTime).toBe(now);
    expect(conditions(plan)).toEqual(["Suspended=False JobResumed"]);
    expect(plan.create).toHaveLength(1);
  });
});

describe("the end", () => {
  test("is announced while the last pod is still to be counted", () => {
    const plan = sync(aJob(), succeeded("a"));
    expect(conditions(plan)).toEqual(["SuccessCriteriaMet=True CompletionsReached"]);
    expect(plan.release).toHaveLength(1);
    expect(plan.status).not.toHaveProperty("completionTime");
  });

  test("is confirmed once it is counted", () => {
    const status = sync(aJob(), succeeded("a")).status ?? {};
    const plan = sync(aJob({ status }), succeeded("a", { tracked: false }));
    expect(conditions(plan)).toEqual([
      "SuccessCriteriaMet=True CompletionsReached",
      "Complete=True CompletionsReached",
    ]);
    expect(plan.status).toMatchObject({ succeeded: 1, completionTime: now, ready: 0, terminating: 0 });
    expect(plan.events).toEqual([{ type: "Normal", reason: "Completed", message: "Job completed" }]);
  });

  test("by failure first ends the pods that run", () => {
    const plan = sync(aJob({ spec: { activeDeadlineSeconds: 10 } }), aPod({ name: "a", ready: true }));
    expect(conditions(plan)).toEqual(["FailureTarget=True DeadlineExceeded"]);
    expect(plan.delete).toHaveLength(1);
    expect(plan.create).toEqual([]);
    expect(plan.status).toMatchObject({ ready: 0, terminating: 1 });
  });

  test("by failure waits for pods that terminate", () => {
    expect(conditions(sync(aJob({ status: announcedFailure }), aPod({ deleting: true, tracked: false })))).toEqual([
      "FailureTarget=True DeadlineExceeded",
    ]);
  });

  test("by failure is confirmed when no pod is left, with no completionTime", () => {
    const plan = sync(aJob({ status: announcedFailure }), failed("a", { tracked: false }));
    expect(conditions(plan)).toEqual(["FailureTarget=True DeadlineExceeded", "Failed=True DeadlineExceeded"]);
    expect(plan.status).not.toHaveProperty("completionTime");
    expect(plan.events).toEqual([{ type: "Warning", reason: "DeadlineExceeded", message: "m" }]);
  });
});

describe("afterwards", () => {
  const ended = (ago: number): JobStatus => ({
    conditions: [{ type: "Complete", status: "True", lastTransitionTime: new Date(noon - ago * 1000).toISOString() }],
  });

  test("nothing is written, nothing runs again", () => {
    const plan = sync(aJob({ status: ended(5) }));
    expect(plan).toEqual({ create: [], delete: [], release: [], events: [] });
  });

  test("a latecomer's finalizer goes", () => {
    expect(sync(aJob({ status: ended(5) }), failed("a")).release).toHaveLength(1);
  });

  test("it waits for its time to live", () => {
    expect(sync(aJob({ spec: { ttlSecondsAfterFinished: 30 }, status: ended(10) })).lookAgain).toBe(20_000);
  });

  test("it is to be deleted when that is over", () => {
    expect(sync(aJob({ spec: { ttlSecondsAfterFinished: 30 }, status: ended(30) })).expired).toBe(true);
  });
});

test("a Job that is being deleted creates nothing and lets all its pods go", () => {
  const plan = sync(aJob({ metadata: { deletionTimestamp: now } }), aPod({ name: "a", deleting: true }));
  expect(plan).toMatchObject({ create: [], delete: [], events: [] });
  expect(plan.release).toHaveLength(1);
});
