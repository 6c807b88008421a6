/** What a Job does with its pods. */
import { describe, expect } from "vitest";
import { jobs, pods } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { condition, finished, holding, jobName, podSpec, runCases } from "./scene.ts";

const forever = "sleep 600";
const key = (ns: string) => ({ namespace: ns, name: jobName });
const tracking = "batch.kubernetes.io/job-tracking";
const index = "batch.kubernetes.io/job-completion-index";

export function jobCases(harness: HarnessOf): void {
  describe("a Job that succeeds", () =>
    runCases(harness, {
      "is Complete, after SuccessCriteriaMet, with its times and counts": async (scene) => {
        await scene.createJob("exit 0");
        const job = await scene.untilFinished();
        const { status } = job;
        expect(holding(job)).toEqual(["Complete", "SuccessCriteriaMet"]);
        expect(status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0 });
        expect(status?.completionTime).toBeDefined();
        expect(Date.parse(status?.startTime ?? "")).toBeLessThanOrEqual(Date.parse(status?.completionTime ?? ""));
        for (const absent of ["active", "failed"]) expect(status).not.toHaveProperty(absent);
      },
      "says why it is Complete": async (scene) => {
        await scene.createJob("exit 0");
        expect(condition(await scene.untilFinished(), "Complete")).toMatchObject({
          reason: "CompletionsReached",
          message: "Reached expected number of succeeded pods",
        });
      },
      "runs as many pods as it has completions": async (scene) => {
        await scene.createJob("exit 0", { completions: 3, parallelism: 2 });
        expect((await scene.untilFinished()).status?.succeeded).toBe(3);
        expect(await scene.pods()).toHaveLength(3);
      },
      "never has more active pods than its parallelism": async (scene) => {
        await scene.createJob(forever, { completions: 5, parallelism: 2 });
        await scene.untilJob(({ status }) => status?.ready === 2);
        expect(await scene.pods()).toHaveLength(2);
        expect((await scene.job()).status?.active).toBe(2);
      },
      "takes the tracking finalizer from its pods": async (scene) => {
        await scene.createJob("exit 0", { completions: 2, parallelism: 2 });
        await scene.untilFinished();
        for (const { metadata } of await scene.pods()) expect(metadata?.finalizers ?? []).toEqual([]);
      },
      "runs nothing again when its pods are deleted": async (scene) => {
        await scene.createJob("exit 0");
        await scene.untilFinished();
        const [pod] = await scene.pods();
        await scene.client.delete(pods, { namespace: scene.ns, name: pod?.metadata?.name ?? "" });
        await scene.untilPods((all) => all.length === 0);
        expect((await scene.job()).status).toMatchObject({ succeeded: 1, ready: 0 });
      },
      "is done after one success where its pods share a work queue": async (scene) => {
        const template = { spec: podSpec(scene.container("exit 0")) };
        await scene.client.create(jobs, { metadata: key(scene.ns), spec: { parallelism: 2, template } });
        const job = await scene.untilFinished();
        expect(finished(job)).toBe("Complete");
        expect(job.status?.succeeded).toBeGreaterThanOrEqual(1);
      },
      "is deleted with its pods when its time to live is over": async (scene) => {
        await scene.createJob("exit 0", { ttlSecondsAfterFinished: 1 });
        await scene.untilGone(jobs, jobName);
        await scene.untilPods((all) => all.length === 0);
      },
    }));

  describe("a Job's pods", () =>
    runCases(harness, {
      "belong to it and bear its labels and the tracking finalizer": async (scene) => {
        const { metadata } = await scene.createJob(forever);
        const [pod] = await scene.untilPods((all) => all.length === 1);
        expect(pod?.metadata?.name).toMatch(/^work-[a-z0-9]{5}$/);
        expect(pod?.metadata?.finalizers).toContain(tracking);
        expect(pod?.metadata?.labels).toMatchObject({
          "batch.kubernetes.io/controller-uid": metadata?.uid,
          "batch.kubernetes.io/job-name": jobName,
          "controller-uid": metadata?.uid,
          "job-name": jobName,
        });
        expect(pod?.metadata?.ownerReferences).toEqual([
          {
            apiVersion: "batch/v1",
            kind: "Job",
            name: jobName,
            uid: metadata?.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ]);
      },
      "are counted as active first and as ready once they run": async (scene) => {
        await scene.createJob(forever, { completions: 2, parallelism: 2 });
        const { status } = await scene.untilJob((job) => job.status?.ready === 2);
        expect(status).toMatchObject({ active: 2, terminating: 0 });
      },
      "are more or fewer when its parallelism changes": async (scene) => {
        await scene.createJob(forever, { completions: 5, parallelism: 0, backoffLimit: 6 });
        await scene.untilJob(({ status }) => status?.startTime !== undefined);
        expect(await scene.pods()).toEqual([]);
        await scene.client.patch(jobs, key(scene.ns), { body: { spec: { parallelism: 2 } } });
        await scene.untilJob(({ status }) => status?.active === 2);
        await scene.client.patch(jobs, key(scene.ns), { body: { spec: { parallelism: 1 } } });
        await scene.untilJob(({ status }) => status?.active === 1);
      },
      "are none while another controller manages it": async (scene) => {
        await scene.createJob("exit 0", { managedBy: "example.com/other" });
        // Another Job, done meanwhile, shows that the controller had its time.
        const template = { spec: podSpec(scene.container("exit 0")) };
        await scene.client.create(jobs, {
          metadata: { name: "other", namespace: scene.ns },
          spec: { template },
        });
        await scene.untilPods((all) => all.some(({ status }) => status?.phase === "Succeeded"));
        expect((await scene.job()).status ?? {}).toEqual({});
        expect(await scene.pods()).toHaveLength(1);
      },
    }));

  describe("an Indexed Job", () =>
    runCases(harness, {
      "tells each pod its index, in every place where it is looked for": async (scene) => {
        await scene.createJob("echo index $JOB_COMPLETION_INDEX", {
          completionMode: "Indexed",
          completions: 3,
          parallelism: 3,
        });
        expect((await scene.untilFinished()).status).toMatchObject({ succeeded: 3, completedIndexes: "0-2" });
        for (const pod of await scene.pods()) {
          const own = pod.metadata?.annotations?.[index];
          expect(pod.metadata?.labels?.[index]).toBe(own);
          expect(pod.metadata?.name).toMatch(new RegExp(`^work-${own}-[a-z0-9]{5}$`));
          expect(pod.spec?.hostname).toBe(`work-${own}`);
          expect(await scene.logs(pod)).toBe(`index ${own}\n`);
        }
      },
      "writes single indexes and pairs with commas": async (scene) => {
        await scene.createJob("[ $JOB_COMPLETION_INDEX != 2 ]", {
          completionMode: "Indexed",
          completions: 4,
          parallelism: 4,
          backoffLimitPerIndex: 0,
        });
        expect((await scene.untilFinished()).status).toMatchObject({ completedIndexes: "0,1,3", failedIndexes: "2" });
      },
      "goes on with the other indexes and then is Failed with FailedIndexes": async (scene) => {
        await scene.createJob("[ $JOB_COMPLETION_INDEX != 0 ]", {
          completionMode: "Indexed",
          completions: 3,
          parallelism: 1,
          backoffLimitPerIndex: 0,
        });
        const job = await scene.untilFinished();
        expect(condition(job, "Failed")).toMatchObject({ reason: "FailedIndexes", message: "Job has failed indexes" });
        expect(job.status).toMatchObject({ succeeded: 2, failed: 1, completedIndexes: "1,2", failedIndexes: "0" });
      },
      "retries an index up to its own limit, and counts on its pods": async (scene) => {
        await scene.createJob("[ $JOB_COMPLETION_INDEX != 1 ]", {
          completionMode: "Indexed",
          completions: 2,
          parallelism: 2,
          backoffLimitPerIndex: 1,
        });
        const { status } = await scene.untilFinished();
        expect(status).toMatchObject({ succeeded: 1, failed: 2, failedIndexes: "1" });
        const counts = (await scene.pods())
          .filter(({ metadata }) => metadata?.annotations?.[index] === "1")
          .map(({ metadata }) => metadata?.annotations?.["batch.kubernetes.io/job-index-failure-count"]);
        expect(counts.toSorted((a, b) => Number(a) - Number(b))).toEqual(["0", "1"]);
      },
      "is Failed at once when more indexes failed than it may have": async (scene) => {
        await scene.createJob(`[ $JOB_COMPLETION_INDEX = 0 ] && exit 1; ${forever}`, {
          completionMode: "Indexed",
          completions: 3,
          parallelism: 3,
          backoffLimitPerIndex: 0,
          maxFailedIndexes: 0,
          template: {
            spec: {
              ...podSpec(scene.container(`[ $JOB_COMPLETION_INDEX = 0 ] && exit 1; ${forever}`)),
              terminationGracePeriodSeconds: 1,
            },
          },
        });
        expect(condition(await scene.untilFinished(), "Failed")).toMatchObject({
          reason: "MaxFailedIndexesExceeded",
          message: "Job has exceeded the specified maximal number of failed indexes",
        });
      },
      "fails an index at once where a rule says FailIndex": async (scene) => {
        await scene.createJob("[ $JOB_COMPLETION_INDEX != 1 ] || exit 42", {
          completionMode: "Indexed",
          completions: 2,
          parallelism: 2,
          backoffLimitPerIndex: 5,
          podFailurePolicy: { rules: [{ action: "FailIndex", onExitCodes: { operator: "In", values: [42] } }] },
        });
        const job = await scene.untilFinished();
        expect(condition(job, "Failed")?.reason).toBe("FailedIndexes");
        expect(job.status).toMatchObject({ failed: 1, failedIndexes: "1", completedIndexes: "0" });
      },
      "may grow while it runs": async (scene) => {
        await scene.createJob(`[ $JOB_COMPLETION_INDEX = 0 ] && ${forever}; exit 0`, {
          completionMode: "Indexed",
          completions: 1,
          parallelism: 1,
        });
        await scene.untilJob(({ status }) => status?.ready === 1);
        await scene.client.patch(jobs, key(scene.ns), { body: { spec: { completions: 3, parallelism: 3 } } });
        await scene.untilJob(({ status }) => status?.completedIndexes === "1,2");
      },
    }));
}
