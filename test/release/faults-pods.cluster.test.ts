/** What happens to pods on a real node, and what becomes of their tasks: none is lost, none runs twice, each ends with one model. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killContainer } from "./processes.ts";
import { type Scene, aScene } from "./fault-scene.ts";
import { cannotInstall, theRelease, unlessInstallable } from "./release.ts";

const timeout = 400_000;
const elsewhere = cannotInstall || process.env["TRAINTASK_IN_NETWORK"] === undefined;

describe.skipIf(cannotInstall)(`pods of a release${unlessInstallable}`, { timeout }, () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await aScene("faults-pods", { release: await theRelease(), maxRunning: 20 });
  }, timeout);
  afterAll(async () => {
    await scene.leave();
    await scene.release.leave();
  }, timeout);

  describe.concurrent("a task goes on to the same model when its pod", () => {
    it("is evicted, which counts for nothing", async () => {
      await scene.submit("evicted");
      await scene.untilUnderWay("evicted");
      const { metadata } = await scene.runningPod("evicted");
      const { namespace } = scene;
      await scene.release.client.create(
        { group: "", version: "v1", plural: `pods/${metadata?.name}/eviction`, kind: "Eviction", namespaced: true },
        { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: metadata?.name ?? "", namespace } },
      );
      const { status } = await scene.untilTrained("evicted");
      expect(status).toMatchObject({ attempt: 1 });
      expect(status?.retries ?? 0).toBe(0);
      expect(scene.onlooker.lives("evicted")).toHaveLength(2);
    });

    it("is deleted by hand, without any grace", async () => {
      await scene.submit("deleted");
      await scene.untilUnderWay("deleted");
      const { metadata } = await scene.runningPod("deleted");
      const now = ["--grace-period=0", "--force", "--wait=false"];
      scene.release.kubectl("delete", "pod", metadata?.name ?? "", "--namespace", scene.namespace, ...now);
      await scene.untilTrained("deleted");
    });

    it("outlives its Job: it is deleted, and another attempt goes on from what it has stored", async () => {
      await scene.submit("orphaned");
      await scene.untilUnderWay("orphaned");
      const job = (await scene.task("orphaned")).status?.jobName ?? "";
      scene.release.kubectl("delete", "job", job, "--cascade=orphan", "--namespace", scene.namespace);
      const { status } = await scene.untilTrained("orphaned");
      expect(status).toMatchObject({ attempt: 2 });
      expect(scene.onlooker.lives("orphaned")).toHaveLength(2);
    });

    it.skipIf(elsewhere)("is killed with SIGKILL, in another attempt with the memory that it had", async () => {
      await scene.submit("killed");
      await scene.untilUnderWay("killed");
      const pod = await scene.runningPod("killed");
      expect(await killContainer(pod)).toBeGreaterThan(0);
      const { status } = await scene.untilTrained("killed");
      expect(status).toMatchObject({ attempt: 2, retries: 1 });
      expect(status?.memory).toBeUndefined();
    });

    it("is killed for want of memory, with half as much again", async () => {
      await scene.submit("starved", {
        resources: { requests: { cpu: "20m" }, limits: { memory: "48Mi" } },
        backoffLimit: 6,
      });
      const { status } = await scene.untilTrained("starved");
      const attempts = status?.attempt ?? 0;
      expect(attempts).toBeGreaterThan(1);
      expect(status).toMatchObject({ retries: attempts - 1 });
      const limits = ["48Mi", "72Mi", "108Mi", "162Mi", "243Mi"];
      expect(status?.memory).toBe(limits[attempts - 1]);
    });
  });

  it("fails with OOMKilled and advice when its retries are used up", async () => {
    await scene.submit("hopeless", { resources: { limits: { memory: "24Mi", cpu: "1" } }, backoffLimit: 1 });
    const { status } = await scene.taskWhen("hopeless", (task) => task.status?.state === "Failed");
    expect(status?.failure).toMatchObject({ class: "OOMKilled", exitCode: 137, attempt: 2 });
    expect(status?.failure?.advice).toMatch(/memory limit/);
  });
});
