/**
 * One forest in several pods, as a user sees it: real processes, some of them killed. Whatever happens to them, the model
 * has the bytes that one pod makes.
 */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, jobs, type Pod, pods } from "../../kube/objects.ts";
import { podDirectory, tokenVariable } from "../../local/kubelet/pod-directory.ts";
import { processesWith } from "../../local/kubelet/proc.ts";
import { labels } from "../../traintask/names.ts";
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

/** The first chunk may be no more than the header. */
function chunksOf(part: string): string[] {
  return existsSync(part) ? readdirSync(part).filter((name) => /^[0-9]+$/.test(name)) : [];
}

/** The pod of this shard once some of its trees are stored; undefined where the task was done before that was seen. */
async function atWork(name: string, shard: number): Promise<Pod | undefined> {
  const { metadata } = await getTask(system, name);
  const part = path.join(system.dataDir, "artifacts/tasks", metadata.uid, "model", String(shard));
  return until(`shard ${shard} of ${name} has stored a tree`, async () => {
    if (ended.includes((await getTask(system, name)).status.state)) return null;
    const pod = (await podsOf(name)).find((one) => shardOf(one) === shard && one.status?.phase === "Running");
    return chunksOf(part).length > 1 ? pod : undefined;
  }).then((pod) => pod ?? undefined);
}

/** Does something to a forest in mid-growth; where the machine was too quick for that, to a larger one. */
async function inMidGrowth(
  name: string,
  disturb: (name: string) => Promise<boolean>,
): Promise<{ name: string; trees: number }> {
  for (const trees of [1000, 5000, 25_000]) {
    const one = { name: `${name}-${trees}`, trees };
    await submitForest(one.name, { shards: 4, trees });
    if (await disturb(one.name)) return one;
  }
  throw new Error("no forest takes long enough on this machine");
}

/** kill -9 of a pod's process. Answers false when it is not there (any more). */
function killProcess({ metadata }: Pod): boolean {
  const token = podDirectory(path.join(system.dataDir, "pods"), metadata?.uid ?? "").token() ?? "none";
  const processes = processesWith(`${tokenVariable}=${token}`);
  for (const { pid } of processes) process.kill(pid, "SIGKILL");
  return processes.length > 0;
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
    expect((await podsOf("four")).map(shardOf).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
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
    const { name, trees } = await inMidGrowth("killed", async (one) => {
      const pod = await atWork(one, 2);
      return pod !== undefined && killProcess(pod);
    });
    const { status } = await done(name);
    expect(status).toMatchObject({ state: "Succeeded", attempt: 2, retries: 1, model: { partial: false } });
    expect(status).not.toHaveProperty("memory");
    expect(status.model?.digest).toBe(await digestOfOnePod(trees));
  });

  it("is paused and goes on to the same bytes", async () => {
    const { name, trees } = await inMidGrowth("paused", async (one) => {
      await atWork(one, 1);
      await call(`/v1/tasks/${one}/suspend`);
      return (await taskIn(system, one, { states: ["Suspended", ...ended] })).status.state === "Suspended";
    });
    expect((await podsOf(name)).filter(({ status }) => status?.phase === "Running")).toEqual([]);
    expect((await call(`/v1/tasks/${name}/resume`)).status).toBeLessThan(300);
    const { status } = await done(name);
    expect(status).toMatchObject({ state: "Succeeded", attempt: 2 });
    expect(status.model?.digest).toBe(await digestOfOnePod(trees));
  });

  it("leaves a partial model of all shards when it is cancelled", async () => {
    await submitForest("cancelled", { shards: 4, trees: 50_000 });
    for (const shard of [0, 3]) await atWork("cancelled", shard);
    await call("/v1/tasks/cancelled/cancel");
    await taskIn(system, "cancelled", { states: ["Cancelled"] });
    const sealed = await until("it is sealed", async () => (await getTask(system, "cancelled")).status.model);
    expect(sealed).toMatchObject({ partial: true });
    const model = await (await fetch(`${system.url}/v1/tasks/cancelled/model`)).text();
    const grown = [...model.matchAll(/^\{"kind":"tree","tree":([0-9]+)/gm)].map(([, tree]) => Number(tree));
    expect(grown).toEqual(grown.toSorted((a, b) => a - b));
    expect(grown.map((tree) => tree % 4)).toEqual(expect.arrayContaining([0, 3]));
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
