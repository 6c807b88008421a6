/** What becomes of the objects that an object owns. */
import { describe, expect } from "vitest";
import { jobs, type OwnerReference, pods } from "../../kube/objects.ts";
import type { HarnessOf } from "./harness.ts";
import { type Case, type ConfigMap, configMaps, holds, jobName, runCases, type Scene } from "./scene.ts";

const forever = "sleep 600";

interface Ownership {
  readonly owner?: ConfigMap;
  readonly block?: boolean;
  readonly finalizers?: string[];
  readonly owners?: OwnerReference[];
}

function reference(owner: ConfigMap, block = false): OwnerReference {
  const { name = "", uid = "" } = owner.metadata ?? {};
  return { apiVersion: "v1", kind: "ConfigMap", name, uid, ...(block ? { blockOwnerDeletion: true } : {}) };
}

/** Creates a config map, owned by another where one is given. */
function make(scene: Scene, name: string, { owner, block, finalizers, owners }: Ownership = {}): Promise<ConfigMap> {
  const references = owners ?? (owner === undefined ? [] : [reference(owner, block)]);
  return scene.client.create<ConfigMap>(configMaps, {
    metadata: {
      name,
      namespace: scene.ns,
      ...(references.length > 0 ? { ownerReferences: references } : {}),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
  });
}

const remove = (scene: Scene, name: string, propagationPolicy: "Foreground" | "Background" | "Orphan") =>
  scene.client.delete(configMaps, { namespace: scene.ns, name }, { propagationPolicy });

const dropFinalizers = (scene: Scene, name: string) =>
  scene.client.patch(configMaps, { namespace: scene.ns, name }, { body: { metadata: { finalizers: null } } });

/** Resolves when the garbage collector has had its time: an object that has lost its owner is gone. */
async function collectorRan(scene: Scene): Promise<void> {
  const absent = { apiVersion: "v1", kind: "ConfigMap", name: "absent", uid: "5a0e5c1e-0000-4000-8000-000000000000" };
  await make(scene, "canary", { owners: [absent] });
  await scene.untilGone(configMaps, "canary");
}

const background: Record<string, Case> = {
  "takes the owner at once and its dependents after it": async (scene) => {
    const owner = await make(scene, "owner");
    await make(scene, "dependent", { owner });
    await remove(scene, "owner", "Background");
    expect(await scene.get(configMaps, "owner")).toBeUndefined();
    await scene.untilGone(configMaps, "dependent");
  },
  "reaches the dependents of dependents": async (scene) => {
    const owner = await make(scene, "owner");
    const child = await make(scene, "child", { owner });
    await make(scene, "grandchild", { owner: child });
    await remove(scene, "owner", "Background");
    await scene.untilGone(configMaps, "grandchild");
  },
  "waits for the owner's own finalizers": async (scene) => {
    const owner = await make(scene, "owner", { finalizers: ["example.com/hold"] });
    await make(scene, "dependent", { owner });
    await remove(scene, "owner", "Background");
    await collectorRan(scene);
    expect(await scene.get(configMaps, "dependent")).toBeDefined();
    await dropFinalizers(scene, "owner");
    await scene.untilGone(configMaps, "dependent");
  },
  "leaves an object that another owner still has, and takes the reference from it": async (scene) => {
    const [first, second] = [await make(scene, "first"), await make(scene, "second")];
    await make(scene, "dependent", { owners: [reference(first), reference(second)] });
    await remove(scene, "first", "Background");
    const { metadata } = await scene.client.get(configMaps, { namespace: scene.ns, name: "second" });
    await collectorRan(scene);
    const dependent = await scene.get(configMaps, "dependent");
    expect(dependent?.metadata?.ownerReferences?.map(({ uid }) => uid)).toContain(metadata?.uid);
    await remove(scene, "second", "Background");
    await scene.untilGone(configMaps, "dependent");
  },
  "takes an object whose owner's name belongs to another one now": async (scene) => {
    const owner = await make(scene, "owner");
    await remove(scene, "owner", "Background");
    await make(scene, "owner");
    await make(scene, "dependent", { owner });
    await scene.untilGone(configMaps, "dependent");
    expect(await scene.get(configMaps, "owner")).toBeDefined();
  },
  "leaves an object whose owner is of a kind that is not served": async (scene) => {
    const unknown = {
      apiVersion: "example.com/v1",
      kind: "Gizmo",
      name: "g",
      uid: "5a0e5c1e-1111-4000-8000-000000000000",
    };
    await make(scene, "dependent", { owners: [unknown] });
    await collectorRan(scene);
    expect(await scene.get(configMaps, "dependent")).toBeDefined();
  },
};

const foreground: Record<string, Case> = {
  "keeps the owner until the dependents that block it are gone": async (scene) => {
    const owner = await make(scene, "owner");
    await make(scene, "dependent", { owner, block: true, finalizers: ["example.com/hold"] });
    await remove(scene, "owner", "Foreground");
    const waiting = await scene.get(configMaps, "owner");
    expect(waiting?.metadata?.finalizers).toEqual(["foregroundDeletion"]);
    expect(waiting?.metadata?.deletionTimestamp).toBeDefined();
    await collectorRan(scene);
    expect(await scene.get(configMaps, "owner")).toBeDefined();
    expect((await scene.get(configMaps, "dependent"))?.metadata?.deletionTimestamp).toBeDefined();
    await dropFinalizers(scene, "dependent");
    await scene.untilGone(configMaps, "owner");
  },
  "does not wait for dependents that do not block": async (scene) => {
    const owner = await make(scene, "owner");
    await make(scene, "dependent", { owner, finalizers: ["example.com/hold"] });
    await remove(scene, "owner", "Foreground");
    await scene.untilGone(configMaps, "owner");
    await dropFinalizers(scene, "dependent");
    await scene.untilGone(configMaps, "dependent");
  },
  "goes down through blocking dependents that have dependents": async (scene) => {
    const owner = await make(scene, "owner");
    const child = await make(scene, "child", { owner, block: true });
    await make(scene, "grandchild", { owner: child, block: true, finalizers: ["example.com/hold"] });
    await remove(scene, "owner", "Foreground");
    await collectorRan(scene);
    expect(await scene.get(configMaps, "owner")).toBeDefined();
    expect(await scene.get(configMaps, "child")).toBeDefined();
    await dropFinalizers(scene, "grandchild");
    await scene.untilGone(configMaps, "owner");
  },
};

const orphaning: Record<string, Case> = {
  "leaves the dependents without the reference": async (scene) => {
    const owner = await make(scene, "owner");
    await make(scene, "dependent", { owner });
    await remove(scene, "owner", "Orphan");
    await scene.untilGone(configMaps, "owner");
    await collectorRan(scene);
    const dependent = await scene.get(configMaps, "dependent");
    expect(dependent).toBeDefined();
    expect(dependent?.metadata?.ownerReferences ?? []).toEqual([]);
  },
};

const ofJobs: Record<string, Case> = {
  "in the foreground goes after its pods have ended": async (scene) => {
    await scene.createJob("trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done");
    await scene.untilPods((all) => all.length === 1 && holds(all[0] ?? {}, "Ready"));
    await scene.client.delete(jobs, { namespace: scene.ns, name: jobName }, { propagationPolicy: "Foreground" });
    const [job, left] = [await scene.get(jobs, jobName), await scene.pods()];
    expect(job?.metadata?.finalizers).toContain("foregroundDeletion");
    expect(left).toHaveLength(1);
    await scene.untilGone(jobs, jobName);
    expect(await scene.pods()).toEqual([]);
  },
  "in the background takes its pods with it": async (scene) => {
    await scene.createJob("exit 0");
    await scene.untilFinished();
    await scene.client.delete(jobs, { namespace: scene.ns, name: jobName }, { propagationPolicy: "Background" });
    expect(await scene.get(jobs, jobName)).toBeUndefined();
    await scene.untilPods((all) => all.length === 0);
  },
  "with no policy leaves its pods, as batch/v1 always did": async (scene) => {
    await scene.createJob(forever);
    await scene.untilPods((all) => all.length === 1 && holds(all[0] ?? {}, "Ready"));
    await scene.client.delete(jobs, { namespace: scene.ns, name: jobName });
    await scene.untilGone(jobs, jobName);
    const [pod] = await scene.untilPods(([only]) => (only?.metadata?.finalizers ?? []).length === 0);
    expect(pod?.metadata?.ownerReferences ?? []).toEqual([]);
    expect(pod?.metadata?.deletionTimestamp).toBeUndefined();
    const { name = "" } = pod?.metadata ?? {};
    await scene.client.delete(pods, { namespace: scene.ns, name }, { gracePeriodSeconds: 0 });
  },
};

export function gcCases(harness: HarnessOf): void {
  describe("deleting in the background", () => runCases(harness, background));
  describe("deleting in the foreground", () => runCases(harness, foreground));
  describe("deleting and orphaning", () => runCases(harness, orphaning));
  describe("deleting a Job", () => runCases(harness, ofJobs));
}
