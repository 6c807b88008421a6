/**
 * One forest in several pods, as a user sees it: real processes, some of them killed. Whatever happens to them, the model
 * has the bytes that one pod makes.
 */
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, jobs, type Pod, pods } from "../../kube/objects.ts";
import { podDirectory, tokenVariable } from "../../local/kubelet/pod-directory.ts";
import { processesWith } from "../../local/kubelet/proc.ts";
import { containerName, labels } from "../../traintask/names.ts";
import { clusterClient, getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

let system: System;
let cluster: ReturnType<typeof clusterClient>;
beforeAll(async () => {
  system = await startSystem({ args: ["--max-running", "1"] });
  cluster = clusterClient(system);
});
afterAll(async () => {
  await cluster.close();
  await system.stop();
});

const ended = ["Succeeded", "Failed", "Cancelled"];
/** So little that all pods of a task have room on a small machine. */
const resources = { requests: { cpu: "50m", memory: "64Mi" } };

async function submitForest(name: string, { trees = 300, ...spec }: { trees?: number; shards?: number } = {}) {
  const task = slowForest(name, { trees, rows: 2000 }) as { spec: object };
  await submit(system, { ...task, spec: { ...task.spec, resources, ...spec } });
}
const done = (name: string) => taskIn(system, name, { states: ended, withinMs: 150_000 });

/** The model of one pod that nobody disturbs, by its number of trees. */
const undisturbed = new Map<number, Promise<string | undefined>>();
function digestOfOnePod(trees: number): Promise<string | undefined> {
  const train = async (): Promise<string | undefined> => {
    await submitForest(`one-pod-${trees}`, { trees });
    return (await done(`one-pod-${trees}`)).status.model?.digest;
  };
  const digest = undisturbed.get(trees) ?? train();
  undisturbed.set(trees, digest);
  return digest;
}

async function podsOf(name: string): Promise<Pod[]> {
  const { items } = await cluster.client.list<Pod>(pods, { labelSelector: `${labels.task}=${name}` });
  return items;
}
const shardOf = ({ metadata }: Pod): number => Number(metadata?.labels?.[labels.completionIndex]);

/** A pod of this shard whose model has begun to be stored, so that what it loses is less than all. */
async function atWork(name: string, shard: number): Promise<Pod> {
  return until(`shard ${shard} of ${name} has stored a tree`, async () => {
    const { status } = await getTask(system, name);
    if (ended.includes(status.state)) throw new Error(`${name} ended too soon: ${JSON.stringify(status)}`);
    const pod = (await podsOf(name)).find((one) => shardOf(one) === shard && one.status?.phase === "Running");
    const running = pod?.status?.containerStatuses?.find((one) => one.name === containerName)?.state?.running;
    return running !== undefined && (status.trainerStatus?.progressPercentage ?? 0) >= 1 ? pod : undefined;
  });
}

/** kill -9 of a pod's process. */
function killProcess({ metadata }: Pod): void {
  const token = podDirectory(path.join(system.dataDir, "pods"), metadata?.uid ?? "").token() ?? "none";
  for (const { pid } of processesWith(`${tokenVariable}=${token}`)) process.kill(pid, "SIGKILL");
}

const call = (where: string): Promise<Response> =>
  fetch(system.url + where, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });

describe("a forest of four shards", { timeout: 300_000 }, () => {
  it("has the bytes of one pod's, in one slot, and a log that says whose each line is", async () => {
    await submitForest("four", { shards: 4 });
    const { status } = await done("four");
    expect(status).toMatchObject({
      state: "Succeeded",
      attempt: 1,
      succeeded: 4,
      failed: 0,
      model: { partial: false },
    });
    expect(status.model?.digest).toBe(await digestOfOnePod(300));
    expect((await podsOf("four")).map(shardOf).toSorted()).toEqual([0, 1, 2, 3]);
    const log = await (await fetch(`${system.url}/v1/tasks/four/logs`)).text();
    expect([...log.matchAll(/^--- shard (\d), attempt 1 ---$/gm)].map(([, shard]) => shard)).toEqual([
      "0",
      "1",
      "2",
      "3",
    ]);
    const report = await fetch(`${system.url}/v1/tasks/four/report`);
    expect(report.status).toBe(200);
    expect(status.score).toBe((await getTask(system, "one-pod-300")).status.score);
  });

  it("goes on where it was, to the same bytes, when one shard's process is killed in mid-growth", async () => {
    await submitForest("killed", { shards: 4, trees: 3000 });
    killProcess(await atWork("killed", 2));
    const { status } = await done("killed");
    expect(status).toMatchObject({ state: "Succeeded", attempt: 2, retries: 1, model: { partial: false } });
    expect(status).not.toHaveProperty("memory");
    expect(status.model?.digest).toBe(await digestOfOnePod(3000));
  });

  it("is paused and goes on to the same bytes", async () => {
    await submitForest("paused", { shards: 4, trees: 3000 });
    await atWork("paused", 1);
    expect((await call("/v1/tasks/paused/suspend")).status).toBeLessThan(300);
    await taskIn(system, "paused", { states: ["Suspended"] });
    expect((await podsOf("paused")).filter(({ status }) => status?.phase === "Running")).toEqual([]);
    expect((await call("/v1/tasks/paused/resume")).status).toBeLessThan(300);
    const { status } = await done("paused");
    expect(status).toMatchObject({ state: "Succeeded", attempt: 2 });
    expect(status.model?.digest).toBe(await digestOfOnePod(3000));
  });

  it("leaves a partial model of all shards when it is cancelled", async () => {
    await submitForest("cancelled", { shards: 4, trees: 10_000 });
    await atWork("cancelled", 3);
    await call("/v1/tasks/cancelled/cancel");
    await taskIn(system, "cancelled", { states: ["Cancelled"] });
    const sealed = await until("it is sealed", async () => (await getTask(system, "cancelled")).status.model);
    expect(sealed).toMatchObject({ partial: true });
    const model = await (await fetch(`${system.url}/v1/tasks/cancelled/model`)).text();
    const grown = [...model.matchAll(/^\{"kind":"tree","tree":([0-9]+)/gm)].map(([, tree]) => Number(tree));
    expect(grown).toEqual(grown.toSorted((a, b) => a - b));
    expect(new Set(grown.map((tree) => tree % 4)).size).toBeGreaterThan(1);
  });
});

describe("eight shards where four have room", { timeout: 300_000 }, () => {
  it("wait for each other, hold one slot, and end in the same bytes", async () => {
    const node = { requests: { cpu: "500m", memory: "64Mi" } };
    const task = slowForest("eight", { trees: 300, rows: 2000 }) as { spec: object };
    await submit(system, { ...task, spec: { ...task.spec, resources: node, shards: 8 } });
    const { status } = await done("eight");
    expect(status).toMatchObject({ state: "Succeeded", attempt: 1, succeeded: 8 });
    expect(status.model?.digest).toBe(await digestOfOnePod(300));
    const { items } = await cluster.client.list<Job>(jobs, { labelSelector: `${labels.task}=eight` });
    expect(items[0]?.status).toMatchObject({ completedIndexes: "0-7" });
  });
});
