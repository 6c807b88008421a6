/** One forest in several real pods, some of which are killed: it goes on, in one slot, to the bytes that one pod makes. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubeObject, type Pod, pods } from "../../kube/objects.ts";
import { containerName, labels, trainQueues } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { type Scene, aScene } from "./fault-scene.ts";
import { killContainer } from "./processes.ts";
import { cannotInstall, eventually, theRelease, unlessInstallable } from "./release.ts";

const timeout = 400_000;
const elsewhere = cannotInstall || process.env["TRAINTASK_IN_NETWORK"] === undefined;
const shards = 3;

describe.skipIf(cannotInstall)(`shards of a release${unlessInstallable}`, { timeout }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await aScene("shards", { release: await theRelease(), maxRunning: 4 });
  }, timeout);
  afterAll(async () => {
    await scene.leave();
    await scene.release.leave();
  }, timeout);

  async function podsOf(name: string): Promise<Pod[]> {
    const { namespace, release } = scene;
    const labelSelector = `${labels.task}=${name}`;
    return (await release.client.list<Pod & KubeObject>(pods, { namespace, labelSelector })).items;
  }
  const shardOf = ({ metadata }: Pod): string => metadata?.labels?.[labels.completionIndex] ?? "";

  /** The pod of this shard whose container runs, once the task has made some progress. */
  async function atWork(name: string, shard: string): Promise<Pod> {
    await scene.untilUnderWay(name);
    return eventually(`a pod of shard ${shard} of ${name} runs`, async () =>
      (await podsOf(name)).find((pod) => {
        const container = pod.status?.containerStatuses?.find((one) => one.name === containerName);
        const isGoing = pod.metadata?.deletionTimestamp !== undefined;
        return shardOf(pod) === shard && !isGoing && container?.state?.running !== undefined;
      }),
    );
  }

  /** It succeeded, with the model of one undisturbed pod: `shards` is no part of what a model is made of. */
  const untilTrained = (name: string): Promise<TrainTask> => scene.untilTrained(name);

  describe.concurrent("a forest of three pods has the bytes of one pod's", () => {
    it("undisturbed, each pod with trees of its own, and all in one slot", async () => {
      await scene.submit("calm", { shards });
      await scene.untilUnderWay("calm");
      const { status } = await scene.release.client.get<KubeObject & { status?: { running?: number } }>(trainQueues, {
        name: scene.namespace,
      });
      expect(status?.running ?? 0).toBeLessThanOrEqual(4);
      const task = await untilTrained("calm");
      expect(task.status).toMatchObject({ attempt: 1, succeeded: shards, failed: 0 });
      const all = await podsOf("calm");
      expect(all.map(shardOf).toSorted((a, b) => Number(a) - Number(b))).toEqual(["0", "1", "2"]);
      const path = `/v1/tasks/calm/logs?namespace=${scene.namespace}`;
      const log = await (await scene.release.call(path, {}, { token: scene.token })).text();
      for (const shard of ["0", "1", "2"]) expect(log).toContain(`--- shard ${shard}, attempt 1 ---`);
    });

    // It ends by itself in time (143: the shard is tried again) or is killed (137: so are all, in another attempt).
    it("after one is deleted without any grace", async () => {
      await scene.submit("deleted", { shards });
      const { metadata } = await atWork("deleted", "1");
      const now = ["--grace-period=0", "--force", "--wait=false"];
      scene.release.kubectl("delete", "pod", metadata?.name ?? "", "--namespace", scene.namespace, ...now);
      const { status } = await untilTrained("deleted");
      expect([1, 2]).toContain(status?.attempt);
      expect(status).toMatchObject({ succeeded: shards });
    });

    it.skipIf(elsewhere)("after one is killed with SIGKILL: all go on in another attempt", async () => {
      await scene.submit("killed", { shards });
      expect(await killContainer(await atWork("killed", "2"))).toBeGreaterThan(0);
      const { status } = await untilTrained("killed");
      expect(status).toMatchObject({ attempt: 2, retries: 1 });
      expect(status?.memory).toBeUndefined();
    });

    it("after it was suspended and resumed", async () => {
      await scene.submit("paused", { shards });
      await scene.untilUnderWay("paused");
      const suspend = (value: boolean): string => {
        const spec = JSON.stringify({ spec: { suspend: value } });
        const where = ["--namespace", scene.namespace, "--type=merge"];
        return scene.release.kubectl("patch", "tt", "paused", ...where, "-p", spec);
      };
      suspend(true);
      await scene.taskWhen("paused", ({ status }) => status?.state === "Suspended");
      suspend(false);
      expect((await untilTrained("paused")).status).toMatchObject({ attempt: 2 });
    });
  });

  it("names the shard that ran out of memory", async () => {
    await scene.submit("starved", { shards, resources: { limits: { memory: "40Mi", cpu: "1" } }, backoffLimit: 0 });
    const { status } = await scene.taskWhen("starved", (task) => task.status?.state === "Failed");
    expect(status?.failure).toMatchObject({ class: "OOMKilled", exitCode: 137, attempt: 1 });
    expect(status?.failure?.message).toMatch(/of shard [0-2] ended with exit code 137 \(OOMKilled\)/);
  });
});
