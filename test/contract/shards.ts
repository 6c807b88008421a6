/** What a Job of several shards relies on: each index has retries of its own, and one that has none left ends them all. */
import { expect } from "vitest";
import { pods, type Container, type Job, type JobSpec, type Pod } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { condition, finished, holds, podSpec, runCases, type Scene, until } from "./scene.ts";

const index = "batch.kubernetes.io/job-completion-index";
const failures = "batch.kubernetes.io/job-index-failure-count";
const ignored = "batch.kubernetes.io/job-index-ignored-failure-count";
/** Works until it is told to go, saves for a moment, and says so. */
const working = "trap 'sleep 1; exit 143' TERM; echo up; while :; do sleep 0.1; done";

/** What each index is told of itself. */
const told: NonNullable<Container["env"]> = [
  { name: "SHARD", valueFrom: { fieldRef: { fieldPath: `metadata.labels['${index}']` } } },
  { name: "FAILURES", valueFrom: { fieldRef: { fieldPath: `metadata.annotations['${failures}']` } } },
  { name: "IGNORED", valueFrom: { fieldRef: { fieldPath: `metadata.annotations['${ignored}']` } } },
];

/** A Job of three shards as the operator makes it, which fails at once by exit code 65, and counts 42 for nothing. */
async function createShards(scene: Scene, script: string, spec: Partial<JobSpec> = {}): Promise<Job> {
  const main = scene.container(script);
  const onExitCodes = (code: number) => ({ containerName: main.name, operator: "In", values: [code] });
  return scene.createJob(script, {
    completionMode: "Indexed",
    completions: 3,
    parallelism: 3,
    backoffLimitPerIndex: 1,
    maxFailedIndexes: 0,
    podReplacementPolicy: "Failed",
    podFailurePolicy: {
      rules: [
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        { action: "Ignore", onExitCodes: onExitCodes(42) },
        { action: "FailJob", onExitCodes: onExitCodes(65) },
      ],
    },
    template: { spec: podSpec({ ...main, env: [...(main.env ?? []), ...told] }) },
    ...spec,
  });
}

const shardOf = ({ metadata }: Pod): string | undefined => metadata?.labels?.[index];
const isOver = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

async function untilUp(scene: Scene, shard: string): Promise<Pod> {
  const all = await scene.untilPods((found) => found.some((pod) => shardOf(pod) === shard && holds(pod, "Ready")));
  const pod = all.find((one) => shardOf(one) === shard) ?? {};
  await until(
    async () => scene.logs(pod),
    (log) => log.includes("up"),
  );
  return pod;
}

export function shardJobCases(harness: HarnessOf): void {
  runCases(harness, {
    "tells each pod its index by its label, and counts those that are done": async (scene) => {
      await createShards(scene, `echo shard $SHARD; [ $SHARD != 1 ] || { ${working}; }`);
      const { status } = await scene.untilJob(
        (job) => job.status?.completedIndexes === "0,2" && job.status.ready === 1,
      );
      expect(status).toMatchObject({ succeeded: 2, active: 1 });
      for (const pod of await scene.pods()) expect(await scene.logs(pod)).toMatch(`shard ${shardOf(pod)}\n`);
    },
    "gives each index retries of its own, and is Complete although all together failed more often": async (scene) => {
      await createShards(scene, "[ $FAILURES != 0 ]");
      const job = await scene.untilFinished();
      expect(finished(job)).toBe("Complete");
      expect(job.status).toMatchObject({ succeeded: 3, failed: 3, completedIndexes: "0-2" });
    },
    "does not count a failure that a rule ignores against its index": async (scene) => {
      await createShards(scene, '[ -z "$IGNORED" ] && exit 42; [ $FAILURES = 0 ]', { backoffLimitPerIndex: 0 });
      const job = await scene.untilFinished();
      expect(finished(job)).toBe("Complete");
      expect(job.status).not.toHaveProperty("failed");
    },
    "fails at once by a rule: pods of other indexes have their grace, and it is Failed when they are over": async (
      scene,
    ) => {
      // The one that fails waits to be told that the others work, which its failure is to interrupt.
      await createShards(
        scene,
        `[ $SHARD = 1 ] && { trap 'exit 65' TERM; echo up; while :; do sleep 0.1; done; }; ${working}`,
      );
      const failing = await untilUp(scene, "1");
      for (const shard of ["0", "2"]) await untilUp(scene, shard);
      await scene.client.delete(pods, { namespace: scene.ns, name: failing.metadata?.name ?? "" });
      const announced = await scene.untilJob((job) => holds(job, "FailureTarget"));
      expect(condition(announced, "FailureTarget")).toMatchObject({
        reason: "PodFailurePolicy",
        message: expect.stringContaining(`${scene.ns}/${failing.metadata?.name}`) as string,
      });
      const job = await scene.untilFinished();
      expect(condition(job, "Failed")).toMatchObject({ reason: "PodFailurePolicy" });
      expect(job.status).not.toHaveProperty("active");
      expect(job.status?.terminating ?? 0).toBe(0);
      expect((await scene.pods()).filter((pod) => !isOver(pod))).toEqual([]);
    },
    "replaces the pod of an index that was deleted once it is over, and counts it for that index alone": async (
      scene,
    ) => {
      await createShards(scene, working);
      const deleted = await untilUp(scene, "1");
      const others = ["0", "2"];
      for (const shard of others) await untilUp(scene, shard);
      await scene.client.delete(pods, { namespace: scene.ns, name: deleted.metadata?.name ?? "" });
      const all = await scene.untilPods((found) =>
        found.some((pod) => shardOf(pod) === "1" && pod.metadata?.uid !== deleted.metadata?.uid && holds(pod, "Ready")),
      );
      const counts = all
        .filter((pod) => pod.metadata?.deletionTimestamp === undefined && !isOver(pod))
        .map((pod) => [shardOf(pod), pod.metadata?.annotations?.[failures]] as const)
        .toSorted(([a = ""], [b = ""]) => a.localeCompare(b));
      expect(counts).toEqual([
        ["0", "0"],
        ["1", "1"],
        ["2", "0"],
      ]);
      await scene.untilJob(
        ({ status }) => status?.ready === 3 && status.failed === 1 && (status.failedIndexes ?? "") === "",
      );
    },
  });
}
