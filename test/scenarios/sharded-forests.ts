/** Forests of several shards on the whole local system, and what may happen to their pods. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Pod, pods } from "../../kube/objects.ts";
import { podDirectory, tokenVariable } from "../../local/kubelet/pod-directory.ts";
import { processesWith } from "../../local/kubelet/proc.ts";
import { labels } from "../../traintask/names.ts";
import { clusterClient, getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

export let system: System;
export let cluster: ReturnType<typeof clusterClient>;

/** Starts a system with one slot before the file's tests, and ends it after them. */
export function oneSlot(): void {
  beforeAll(async () => {
    system = await startSystem({ args: ["--max-running", "1"] });
    cluster = clusterClient(system);
  });
  afterAll(async () => {
    await cluster.close();
    await system.stop();
  });
}

export const ended = ["Succeeded", "Failed", "Cancelled"];
/** Of how many pods a forest is here. */
export const shards = 3;
/** Of how many trees, on a machine that is not too quick for it. */
export const fewTrees = 500;
/** So little that all pods of a task have room on a small machine. */
const resources = { requests: { cpu: "50m", memory: "64Mi" } };

export async function submitForest(
  name: string,
  { trees = fewTrees, ...spec }: { trees?: number; shards?: number } = {},
) {
  const task = slowForest(name, { trees, rows: 2000 }) as { spec: object };
  await submit(system, { ...task, spec: { ...task.spec, resources, ...spec } });
}
export const done = (name: string) => taskIn(system, name, { states: ended, withinMs: 150_000 });

/** The model of one pod that nobody disturbs, by its number of trees. */
const undisturbed = new Map<number, Promise<string | undefined>>();
export function digestOfOnePod(trees: number): Promise<string | undefined> {
  const train = async (): Promise<string | undefined> => {
    await submitForest(`one-pod-${trees}`, { trees });
    return (await done(`one-pod-${trees}`)).status.model?.digest;
  };
  const digest = undisturbed.get(trees) ?? train();
  undisturbed.set(trees, digest);
  return digest;
}

export async function podsOf(name: string): Promise<Pod[]> {
  const { items } = await cluster.client.list<Pod>(pods, { labelSelector: `${labels.task}=${name}` });
  return items;
}
export const shardOf = ({ metadata }: Pod): number => Number(metadata?.labels?.[labels.completionIndex]);

/** The first chunk may be no more than the header. */
function chunksOf(part: string): string[] {
  return existsSync(part) ? readdirSync(part).filter((name) => /^[0-9]+$/.test(name)) : [];
}

/** The pod of this shard once some of its trees are stored; undefined where the task was done before that was seen. */
export async function atWork(name: string, shard: number): Promise<Pod | undefined> {
  const { metadata } = await getTask(system, name);
  const part = path.join(system.dataDir, "artifacts/tasks", metadata.uid, "model", String(shard));
  return until(`shard ${shard} of ${name} has stored a tree`, async () => {
    if (ended.includes((await getTask(system, name)).status.state)) return null;
    const pod = (await podsOf(name)).find((one) => shardOf(one) === shard && one.status?.phase === "Running");
    return chunksOf(part).length > 1 ? pod : undefined;
  }).then((pod) => pod ?? undefined);
}

/** Does something to a forest in mid-growth; where the machine was too quick for that, to a larger one. */
export async function inMidGrowth(
  name: string,
  disturb: (name: string) => Promise<boolean>,
): Promise<{ name: string; trees: number }> {
  for (const trees of [fewTrees, 5 * fewTrees, 25 * fewTrees]) {
    const one = { name: `${name}-${trees}`, trees };
    await submitForest(one.name, { shards, trees });
    if (await disturb(one.name)) return one;
  }
  throw new Error("no forest takes long enough on this machine");
}

/** kill -9 of a pod's process. Answers false when it is not there (any more). */
export function killProcess({ metadata }: Pod): boolean {
  const token = podDirectory(path.join(system.dataDir, "pods"), metadata?.uid ?? "").token() ?? "none";
  const processes = processesWith(`${tokenVariable}=${token}`);
  for (const { pid } of processes) process.kill(pid, "SIGKILL");
  return processes.length > 0;
}

export const call = (where: string): Promise<Response> =>
  fetch(system.url + where, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
