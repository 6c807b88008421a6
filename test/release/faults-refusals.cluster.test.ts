/** Pods that cannot be, on a real node: an image that is nowhere, quotas and limits that refuse, a heap that is too small. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { condition } from "../../operator/conditions.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { events, jobs, type KubeObject, type Pod, pods } from "../../kube/objects.ts";
import { jobName, labels } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { aScene, type Scene } from "./fault-scene.ts";
import { cannotInstall, eventually, type Release, theRelease, unlessInstallable } from "./release.ts";

const timeout = 600_000;
const small = { trainer: { randomForest: { nEstimators: 50, minSamplesLeaf: 10 } } };

const running = ({ status }: TrainTask) => status && condition(status, "Running");
const admitted = ({ status }: TrainTask) => status && condition(status, "Admitted");

describe.skipIf(cannotInstall)(`pods that cannot be${unlessInstallable}`, { timeout }, () => {
  let release: Release;
  beforeAll(async () => {
    release = await theRelease();
  }, timeout);
  afterAll(() => release.leave());

  /** Runs in a scene of its own, which holds what a scene must hold when it is left. */
  async function inScene(prefix: string, act: (scene: Scene) => Promise<void>): Promise<void> {
    const scene = await aScene(prefix, { release, maxRunning: 2 });
    await act(scene);
    await scene.leave();
  }

  describe.concurrent("a task says why it does not run:", () => {
    it("its image is nowhere: within 30 seconds, and it ends by its deadline", async () => {
      await inScene("faults-image", async (scene) => {
        const container = { image: "localhost/nowhere:1", resources: { requests: { cpu: "10m" } } };
        const none = { dataset: undefined, resources: undefined };
        await scene.submit("nowhere", { ...none, trainer: { container }, preRunningDeadlineSeconds: 40 });
        const began = clock.monotonic();
        const held = await scene.taskWhen("nowhere", (task) => running(task)?.reason === "ImagePullFailed");
        expect(clock.monotonic() - began).toBeLessThan(30_000);
        expect(running(held)?.message).toContain("localhost/nowhere:1");
        const { status } = await scene.taskWhen("nowhere", (task) => task.status?.state === "Failed");
        expect(status?.failure).toMatchObject({ class: "ImagePullFailed", attempt: 1 });
      });
    });

    it("a ResourceQuota refuses its pods, until it does not", async () => {
      await inScene("faults-quota", async (scene) => {
        await scene.release.apply(quota(scene, { pods: "0" }));
        await scene.submit("refused", small);
        const held = await scene.taskWhen("refused", (task) => running(task)?.reason === "PodsRefused");
        expect(running(held)?.message).toMatch(
          /exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0/,
        );
        scene.release.kubectl("delete", "resourcequota", "none", "--namespace", scene.namespace);
        await scene.untilTrained("refused", small);
      });
    });

    it("a LimitRange refuses its pods, until it does not", async () => {
      await inScene("faults-limits", async (scene) => {
        const { namespace } = scene;
        const spec = { limits: [{ type: "Container", max: { memory: "100Mi" } }] };
        await scene.release.apply({
          apiVersion: "v1",
          kind: "LimitRange",
          metadata: { name: "small", namespace },
          spec,
        });
        await scene.submit("refused", small);
        const held = await scene.taskWhen("refused", (task) => running(task)?.reason === "PodsRefused");
        expect(running(held)?.message).toMatch(/maximum memory usage per Container is 100Mi, but limit is 1Gi/);
        scene.release.kubectl("delete", "limitrange", "small", "--namespace", namespace);
        await scene.untilTrained("refused", small);
      });
    });

    it("a ResourceQuota refuses its Job: it holds no slot meanwhile", async () => {
      await inScene("faults-jobs", async (scene) => {
        await scene.release.apply(quota(scene, { "count/jobs.batch": "0" }));
        await scene.submit("refused", small);
        const held = await scene.taskWhen("refused", (task) => admitted(task)?.reason === "QuotaExceeded");
        expect(held.status?.state).toBe("Queued");
        expect(admitted(held)?.message).toMatch(/exceeded quota: none/);
        expect(scene.onlooker.mostJobs).toBe(0);
        scene.release.kubectl("delete", "resourcequota", "none", "--namespace", scene.namespace);
        await scene.untilTrained("refused", small);
      });
    });

    it("somebody else's Job has its Job's name, until it has not; told twice, it is one Event", async () => {
      await inScene("faults-name", async (scene) => {
        const { namespace } = scene;
        const { client } = scene.release;
        await scene.submit("hindered", { ...small, suspend: true });
        const isHeld = (task: TrainTask): boolean => admitted(task)?.reason === "Suspended";
        const { metadata } = await scene.taskWhen("hindered", isHeld);
        const name = jobName(metadata, 1);
        const pod = { restartPolicy: "Never", containers: [{ name: "any", image: "localhost/nowhere:1" }] };
        await client.create(jobs, {
          apiVersion: "batch/v1",
          kind: "Job",
          metadata: { namespace, name },
          spec: { suspend: true, template: { spec: pod } },
        });
        const suspend = (value: boolean): string => {
          const patch = JSON.stringify({ spec: { suspend: value } });
          return scene.release.kubectl(
            "patch",
            "tt",
            "hindered",
            "--namespace",
            namespace,
            "--type=merge",
            "-p",
            patch,
          );
        };
        for (const _ of ["once", "again"]) {
          suspend(false);
          const held = await scene.taskWhen("hindered", (task) => admitted(task)?.reason === "QuotaExceeded");
          expect(admitted(held)?.message).toContain(`Job ${name} is in the way`);
          suspend(true);
          await scene.taskWhen("hindered", isHeld);
        }
        const told = await eventually("an Event that counts", async () => {
          const fieldSelector = `involvedObject.uid=${metadata.uid},reason=QuotaExceeded`;
          const { items } = await client.list<KubeObject & { count?: number }>(events, { namespace, fieldSelector });
          return items.some(({ count }) => count === 2) ? items : undefined;
        });
        expect(told).toHaveLength(1);
        scene.release.kubectl("delete", "job", name, "--namespace", namespace);
        suspend(false);
        await scene.untilTrained("hindered", small);
      });
    });

    it("its heap is too small for V8: it is tried again with half as much memory again", async () => {
      await inScene("faults-heap", async (scene) => {
        const columns = [{ name: "x", type: "category" }];
        const dataset = { uri: await uploaded(scene, manyTexts(300_000)), target: "y", columns };
        const trainer = { randomForest: { nEstimators: 1, maxDepth: 2 } };
        // V8 takes half of it for its heap.
        const limits = { memory: "512Mi" };
        await scene.submit("cured", { trainer, dataset, resources: { requests: { cpu: "20m" }, limits } });
        await scene.taskWhen("cured", ({ status }) => status?.retries === 1);
        expect([71, 134, 139]).toContain(await exitCodeOf(scene, "cured"));
        const enough = { requests: { cpu: "20m" }, limits: { memory: "1536Mi" } };
        const { status } = await scene.untilTrained("cured", { trainer, dataset, resources: enough });
        expect(status?.memory).toMatch(/^(768|1152)Mi$/);
      });
    });
  });
});

const quota = ({ namespace }: Scene, hard: object): object => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "none", namespace },
  spec: { hard },
});

/** A table whose one column is as many different long texts: they stand in the heap while it is read, numbers do not. */
function manyTexts(rows: number): string {
  const line = (row: number): string => `${String(row).padStart(900, "t")},${row % 7}`;
  return `${["x,y", ...Array.from({ length: rows }, (_, row) => line(row))].join("\n")}\n`;
}

/** Of the pod of its first attempt. */
async function exitCodeOf({ release, namespace }: Scene, task: string): Promise<number | undefined> {
  const labelSelector = `${labels.task}=${task},${labels.attempt}=1`;
  const { items } = await release.client.list<Pod>(pods, { namespace, labelSelector });
  return items[0]?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
}

async function uploaded({ release, namespace, token }: Scene, csv: string): Promise<string> {
  const put = { method: "PUT", body: csv, headers: { "content-type": "text/csv" } };
  const answer = await release.call(`/v1/datasets?namespace=${namespace}`, put, { token });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { uri: string }).uri;
}
