/** What a pod does on its node. */
import { describe, expect } from "vitest";
import { type Event, events, type Pod, pods } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { type Case, condition, end, holds, podName, runCases, type Scene } from "./scene.ts";

const forever = "while :; do sleep 0.1; done";
const key = (ns: string) => ({ namespace: ns, name: podName });

const isReady = (pod: Parameters<typeof holds>[0]): boolean => holds(pod, "Ready");

/** A pod that fails, is started again in place, and then does as told. */
function createRestarted(scene: Scene, then: string): Promise<Pod> {
  const mount = { name: "kept", mountPath: "/kept" };
  const script = `if [ -e "$KEPT/mark" ]; then echo second; ${then}; fi; echo first; touch "$KEPT/mark"; exit 4`;
  const container = { ...scene.container(script), env: [{ name: "KEPT", value: "/kept" }], volumeMounts: [mount] };
  return scene.createPod(script, {
    spec: { restartPolicy: "OnFailure", volumes: [{ name: "kept", emptyDir: {} }], containers: [container] },
  });
}

const lives: Record<string, Case> = {
  "that exits 0 has Succeeded, and says how its container ended": async (scene) => {
    await scene.createPod("exit 0");
    const pod = await scene.untilEnded();
    expect(pod.status?.phase).toBe("Succeeded");
    expect(end(pod)).toMatchObject({ exitCode: 0, reason: "Completed" });
    expect(Date.parse(end(pod)?.startedAt ?? "")).toBeLessThanOrEqual(Date.parse(end(pod)?.finishedAt ?? ""));
    expect(condition(pod, "Ready")).toMatchObject({ status: "False", reason: "PodCompleted" });
  },
  "that exits with another code has Failed with that code": async (scene) => {
    await scene.createPod("exit 3");
    const pod = await scene.untilEnded();
    expect(pod.status?.phase).toBe("Failed");
    expect(end(pod)).toMatchObject({ exitCode: 3, reason: "Error" });
  },
  "that runs is Running and Ready, on a node": async (scene) => {
    await scene.createPod(forever);
    const pod = await scene.untilPod(isReady);
    expect(pod.status?.phase).toBe("Running");
    expect(pod.spec?.nodeName).toBeTruthy();
    for (const type of ["PodScheduled", "Initialized", "ContainersReady"]) expect(holds(pod, type), type).toBe(true);
    expect(pod.status?.containerStatuses?.[0]).toMatchObject({
      ready: true,
      restartCount: 0,
      name: scene.container("").name,
    });
    await scene.client.delete(pods, key(scene.ns), { gracePeriodSeconds: 1 });
  },
  "runs its containers side by side, and fails when one of them does": async (scene) => {
    const [good, bad] = [scene.container("exit 0"), scene.container("exit 5")];
    await scene.createPod("", {
      spec: {
        containers: [
          { ...good, name: "good" },
          { ...bad, name: "bad" },
        ],
      },
    });
    const pod = await scene.untilEnded();
    expect(pod.status?.phase).toBe("Failed");
    const codes = pod.status?.containerStatuses?.map(({ name, state }) => [name, state?.terminated?.exitCode]);
    expect(Object.fromEntries(codes ?? [])).toEqual({ good: 0, bad: 5 });
  },
  "is started again in place, with OnFailure": async (scene) => {
    await createRestarted(scene, "exit 0");
    const pod = await scene.untilEnded();
    expect(pod.status?.phase).toBe("Succeeded");
    const [status] = pod.status?.containerStatuses ?? [];
    expect(status?.restartCount).toBe(1);
    expect(status?.lastState?.terminated).toMatchObject({ exitCode: 4, reason: "Error" });
    expect(await scene.logs(pod)).toBe("second\n");
  },
  "keeps the log of its container's life before this one, while it lives": async (scene) => {
    await createRestarted(scene, forever);
    const pod = await scene.untilPod(
      (each) => isReady(each) && each.status?.containerStatuses?.[0]?.restartCount === 1,
    );
    expect(await scene.logs(pod, { previous: true })).toBe("first\n");
    await scene.client.delete(pods, key(scene.ns), { gracePeriodSeconds: 1 });
  },
  "that ran longer than its activeDeadlineSeconds has Failed with DeadlineExceeded": async (scene) => {
    await scene.createPod(forever, { spec: { activeDeadlineSeconds: 1, terminationGracePeriodSeconds: 1 } });
    const pod = await scene.untilEnded();
    expect(pod.status).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" });
  },
};

const ends: Record<string, Case> = {
  "is asked to end first, and then gone": async (scene) => {
    await scene.createPod(`trap 'echo ending; exit 0' TERM; echo begun; ${forever}`);
    const pod = await scene.untilPod(isReady);
    const followed = scene.logs(pod, { follow: true });
    await scene.client.delete(pods, key(scene.ns));
    expect((await scene.get(pods, podName))?.metadata?.deletionGracePeriodSeconds).toBe(30);
    expect(await followed).toBe("begun\nending\n");
    await scene.untilGone(pods, podName);
  },
  "is killed after the grace period": async (scene) => {
    await scene.createPod(`trap '' TERM; ${forever}`, { spec: { terminationGracePeriodSeconds: 1 } });
    await scene.untilPod(isReady);
    await scene.client.delete(pods, key(scene.ns));
    await scene.untilGone(pods, podName);
  },
  "has Failed with the code of its last container while a finalizer keeps it": async (scene) => {
    await scene.createPod(`trap 'exit 9' TERM; ${forever}`);
    await scene.untilPod(isReady);
    const finalizers = (value: string[] | null) =>
      scene.client.patch(pods, key(scene.ns), { body: { metadata: { finalizers: value } } });
    await finalizers(["example.com/hold"]);
    await scene.client.delete(pods, key(scene.ns));
    const pod = await scene.untilEnded();
    expect(pod.status?.phase).toBe("Failed");
    expect(end(pod)?.exitCode).toBe(9);
    await finalizers(null);
    await scene.untilGone(pods, podName);
  },
  "is gone at once with a grace period of 0": async (scene) => {
    await scene.createPod(forever);
    await scene.untilPod(isReady);
    await scene.client.delete(pods, key(scene.ns), { gracePeriodSeconds: 0 });
    expect(await scene.get(pods, podName)).toBeUndefined();
  },
  "is gone at once when it had ended before": async (scene) => {
    await scene.createPod("exit 0");
    await scene.untilEnded();
    await scene.client.delete(pods, key(scene.ns));
    expect(await scene.get(pods, podName)).toBeUndefined();
  },
};

const obstacles: Record<string, Case> = {
  "that asks for more than there is stays Pending and says so": async (scene) => {
    await scene.createPod("exit 0", { container: { resources: { requests: { cpu: "1000000" } } } });
    const pod = await scene.untilPod((each) => condition(each, "PodScheduled")?.reason === "Unschedulable");
    expect(pod.status?.phase).toBe("Pending");
    expect(condition(pod, "PodScheduled")?.message).toMatch(/^0\/\d+ nodes are available: .*Insufficient cpu/);
    const found = await scene.client.list<Event>(events, {
      namespace: scene.ns,
      fieldSelector: `involvedObject.name=${podName}`,
    });
    expect(found.items.map(({ reason }) => reason)).toContain("FailedScheduling");
  },
  "that asks for a node that is not there stays Pending": async (scene) => {
    await scene.createPod("exit 0", { spec: { nodeSelector: { "contract.traintask.dev/none": "here" } } });
    const pod = await scene.untilPod((each) => condition(each, "PodScheduled")?.reason === "Unschedulable");
    expect(condition(pod, "PodScheduled")?.message).toContain("didn't match Pod's node affinity/selector");
  },
  "that asks for a claim that is not there stays Pending and says so": async (scene) => {
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "none" } }];
    await scene.createPod("exit 0", { spec: { volumes } });
    const pod = await scene.untilPod((each) => condition(each, "PodScheduled")?.reason === "Unschedulable");
    expect(pod.status?.phase).toBe("Pending");
    expect(condition(pod, "PodScheduled")?.message).toMatch(
      /^0\/\d+ nodes are available: persistentvolumeclaim "none" not found/,
    );
  },
  "whose image cannot be had stays Pending and says so": async (scene) => {
    const { command: _, args: __, ...container } = scene.container("");
    const image = "registry.invalid/no/such:1";
    await scene.createPod("", { spec: { containers: [{ ...container, image }] } });
    const pod = await scene.untilPod(({ status }) =>
      ["ErrImagePull", "ImagePullBackOff"].includes(status?.containerStatuses?.[0]?.state?.waiting?.reason ?? ""),
    );
    expect(pod.status?.phase).toBe("Pending");
  },
  "that was never placed is gone at once when deleted": async (scene) => {
    await scene.createPod("exit 0", { spec: { nodeSelector: { "contract.traintask.dev/none": "here" } } });
    await scene.client.delete(pods, key(scene.ns));
    expect(await scene.get(pods, podName)).toBeUndefined();
  },
};

export function podCases(harness: HarnessOf): void {
  describe("a pod", () => runCases(harness, lives));
  describe("a pod that is deleted", () => runCases(harness, ends));
  describe("a pod", () => runCases(harness, obstacles));
}
