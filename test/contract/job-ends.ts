/** How Jobs fail, are suspended, and replace pods that are being deleted. */
import { describe, expect } from "vitest";
import { jobs, type Pod, pods } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { condition, finished, holding, holds, jobName, podSpec, runCases, type Scene, until } from "./scene.ts";

const forever = "sleep 600";
const key = (ns: string) => ({ namespace: ns, name: jobName });

export function jobEndCases(harness: HarnessOf): void {
  describe("a Job that fails", () =>
    runCases(harness, {
      "is Failed, after FailureTarget, with its count and no completionTime": async (scene) => {
        await scene.createJob("exit 1");
        const job = await scene.untilFinished();
        expect(holding(job)).toEqual(["Failed", "FailureTarget"]);
        expect(condition(job, "Failed")).toMatchObject({
          reason: "BackoffLimitExceeded",
          message: "Job has reached the specified backoff limit",
        });
        expect(job.status).toMatchObject({ failed: 1 });
        expect(job.status).not.toHaveProperty("completionTime");
      },
      "has tried once more than its backoffLimit": async (scene) => {
        await scene.createJob("exit 1", { backoffLimit: 1 });
        expect((await scene.untilFinished()).status?.failed).toBe(2);
        expect(await scene.pods()).toHaveLength(2);
      },
      "fails at once where a rule says FailJob, and says which": async (scene) => {
        await scene.createJob("exit 42", {
          backoffLimit: 6,
          podFailurePolicy: {
            rules: [
              {
                action: "FailJob",
                onExitCodes: { operator: "In", values: [42], containerName: scene.container("").name },
              },
            ],
          },
        });
        const job = await scene.untilFinished();
        const [pod] = await scene.pods();
        const container = scene.container("").name;
        expect(condition(job, "Failed")).toMatchObject({
          reason: "PodFailurePolicy",
          message: `Container ${container} for pod ${scene.ns}/${pod?.metadata?.name} failed with exit code 42 matching FailJob rule at index 0`,
        });
        expect(job.status?.failed).toBe(1);
      },
      "does not count a failure that a rule ignores, and tries again": async (scene) => {
        await scene.createJob("exit 42", {
          podFailurePolicy: { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [42] } }] },
        });
        await scene.untilPods((all) => all.length >= 2);
        const job = await scene.job();
        expect(job.status).not.toHaveProperty("failed");
        expect(finished(job)).toBeUndefined();
      },
      "ends its other pods": async (scene) => {
        const script = `[ $JOB_COMPLETION_INDEX = 0 ] && exit 1; ${forever}`;
        await scene.createJob(script, {
          completionMode: "Indexed",
          completions: 2,
          parallelism: 2,
          template: { spec: { ...podSpec(scene.container(script)), terminationGracePeriodSeconds: 1 } },
        });
        expect(finished(await scene.untilFinished())).toBe("Failed");
        expect((await scene.job()).status).not.toHaveProperty("active");
        await scene.untilPods((all) => all.every(({ status }) => status?.phase === "Failed"));
      },
      "passed its activeDeadlineSeconds, and says so": async (scene) => {
        await scene.createJob(forever, {
          activeDeadlineSeconds: 1,
          template: { spec: { ...podSpec(scene.container(forever)), terminationGracePeriodSeconds: 1 } },
        });
        expect(condition(await scene.untilFinished(), "Failed")).toMatchObject({
          reason: "DeadlineExceeded",
          message: "Job was active longer than specified deadline",
        });
        await scene.untilPods((all) => all.length === 0);
      },
      "failed by a container that restarted too often, with OnFailure": async (scene) => {
        const spec = {
          ...podSpec(scene.container("exit 1")),
          restartPolicy: "OnFailure",
          terminationGracePeriodSeconds: 1,
        };
        await scene.createJob("", { template: { spec } });
        expect(condition(await scene.untilFinished(), "Failed")?.reason).toBe("BackoffLimitExceeded");
      },
    }));

  describe("suspending a Job", () =>
    runCases(harness, {
      "from the start creates no pod and starts no clock": async (scene) => {
        await scene.createJob("exit 0", { suspend: true });
        const { status } = await scene.untilJob((job) => holds(job, "Suspended"));
        expect(status).not.toHaveProperty("startTime");
        expect(await scene.pods()).toEqual([]);
      },
      "ends when it is resumed": async (scene) => {
        await scene.createJob("exit 0", { suspend: true });
        await scene.untilJob((job) => holds(job, "Suspended"));
        await scene.client.patch(jobs, key(scene.ns), { body: { spec: { suspend: false } } });
        const job = await scene.untilFinished();
        expect(finished(job)).toBe("Complete");
        expect(condition(job, "Suspended")).toMatchObject({ status: "False", reason: "JobResumed" });
        expect(job.status?.startTime).toBeDefined();
      },
      "ends its pods and keeps what was done": async (scene) => {
        const script = `[ $JOB_COMPLETION_INDEX = 0 ] && exit 0; ${forever}`;
        await scene.createJob(script, {
          backoffLimit: 6,
          completionMode: "Indexed",
          completions: 2,
          parallelism: 2,
          template: { spec: { ...podSpec(scene.container(script)), terminationGracePeriodSeconds: 1 } },
        });
        await scene.untilJob(({ status }) => status?.completedIndexes === "0" && status.ready === 1);
        await scene.client.patch(jobs, key(scene.ns), { body: { spec: { suspend: true } } });
        const job = await scene.untilJob(({ status }) => status?.active === undefined && status?.terminating === 0);
        expect(condition(job, "Suspended")).toMatchObject({
          status: "True",
          reason: "JobSuspended",
          message: "Job suspended",
        });
        expect(job.status?.completedIndexes).toBe("0");
      },
    }));

  describe("replacing a pod that is being deleted", () => {
    const stubborn = "trap 'sleep 3; exit 1' TERM; echo up; while :; do sleep 0.1; done";
    /** A pod that is ready may not have come to its trap yet: it has once it says so. */
    const untilStubborn = async (scene: Scene): Promise<Pod | undefined> => {
      const [pod] = await scene.untilPods((all) => all.length === 1 && holds(all[0] ?? {}, "Ready"));
      await until(
        async () => scene.logs(pod ?? {}),
        (log) => log.includes("up"),
      );
      return pod;
    };
    runCases(harness, {
      "happens at once, with TerminatingOrFailed": async (scene) => {
        await scene.createJob(stubborn, { backoffLimit: 3, podReplacementPolicy: "TerminatingOrFailed" });
        const pod = await untilStubborn(scene);
        await scene.client.delete(pods, { namespace: scene.ns, name: pod?.metadata?.name ?? "" });
        await scene.untilPods((all) => all.some(({ metadata }) => metadata?.name !== pod?.metadata?.name));
        expect((await scene.job()).status?.failed ?? 0).toBeLessThanOrEqual(1);
      },
      "waits until it has ended, with Failed": async (scene) => {
        await scene.createJob(stubborn, { backoffLimit: 3, podReplacementPolicy: "Failed" });
        const pod = await untilStubborn(scene);
        await scene.client.delete(pods, { namespace: scene.ns, name: pod?.metadata?.name ?? "" });
        const { status } = await scene.untilJob((job) => job.status?.terminating === 1);
        expect(status).not.toHaveProperty("active");
        expect(status).not.toHaveProperty("failed");
        await scene.untilJob(
          (job) => job.status?.active === 1 && job.status.failed === 1 && job.status.terminating === 0,
        );
      },
    });
  });
}
