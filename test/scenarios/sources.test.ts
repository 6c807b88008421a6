/**
 * Where a task's table may come from, on one machine: the tasks of docs/data.md as they stand there. On a real node the
 * same is asked in test/release/sources.cluster.test.ts.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeClient } from "../../kube/client.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { trainTasks } from "../../traintask/names.ts";
import { type ConfigMap, configMaps } from "../contract/scene.ts";
import { clusterClient, getTask, root, startSystem, submit, type System, taskIn, until } from "./system.ts";

const page = readFileSync(path.join(root, "docs/data.md"), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
const [makeConfigMap = ""] = blocks("sh");
const [fromConfigMap = "", fromVolume = ""] = blocks("yaml").filter((block) => block.includes("kind: TrainTask"));

interface Task {
  metadata: { name: string };
  spec: { dataset: object; trainer: object };
}
/** The task of the page's first block, with another source. */
function taskWith(name: string, source: object, spec: object = {}): object {
  const task = parse(fromConfigMap) as Task & { spec: { dataset: { configMap?: object } } };
  const { configMap: _, ...dataset } = task.spec.dataset;
  return { ...task, metadata: { name }, spec: { ...task.spec, dataset: { ...dataset, ...source }, ...spec } };
}

const csv = `x,y,side\n${Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 40},${i < 20 ? "left" : "right"}\n`).join("")}`;
const namespace = "default";
const kubectlIsHere = spawnSync("kubectl", ["version", "--client"]).status === 0;

let system: System;
let client: KubeClient;
let hangUp = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  system = await startSystem({ args: ["--allow-host-commands"] });
  const door = clusterClient(system);
  ({ client } = door);
  hangUp = () => door.close();
  if (!kubectlIsHere) {
    await client.create<ConfigMap>(configMaps, {
      metadata: { name: "tables", namespace },
      data: { "points.csv": csv },
    });
    return;
  }
  writeFileSync(path.join(system.dataDir, "points.csv"), csv);
  const [program = "", ...args] = makeConfigMap.trim().split(" ");
  execFileSync(program, ["--kubeconfig", system.kubeconfig, ...args], { cwd: system.dataDir });
});
afterAll(async () => {
  await hangUp();
  await system.stop();
});

const trained = async (task: object | string): Promise<string | undefined> => {
  const { metadata } = await submit(system, task);
  return (await taskIn(system, metadata.name, { states: ["Succeeded", "Failed"] })).status.model?.digest;
};

describe("a task's table", { timeout: 120_000 }, () => {
  it("trains the same model from a ConfigMap, from inline rows, and uploaded", async () => {
    const uploaded = await fetch(`${system.url}/v1/datasets`, {
      method: "PUT",
      headers: { "content-type": "text/csv" },
      body: csv,
    });
    const { uri } = (await uploaded.json()) as { uri: string };
    const digests = [
      await trained(fromConfigMap),
      await trained(taskWith("inline", { csv })),
      await trained(taskWith("uploaded", { uri })),
    ];
    expect(digests[0]).toMatch(/^sha256:/);
    expect(new Set(digests).size).toBe(1);
  });

  it("may be bytes that ConfigMaps keep as base64", async () => {
    const metadata = { name: "bytes", namespace };
    const binaryData = { "points.csv": Buffer.from(csv).toString("base64") };
    await client.create(configMaps, { metadata, binaryData } as ConfigMap);
    expect(await trained(taskWith("bytes", { configMap: { name: "bytes", key: "points.csv" } }))).toMatch(/^sha256:/);
  });

  const missing = { "no-config-map": { name: "none", key: "points.csv" }, "no-key": { name: "tables", key: "none" } };
  it.each(Object.entries(missing))("ends a task as BadData where it is missing: %s", async (name, configMap) => {
    await submit(system, taskWith(name, { configMap }));
    const { status } = await taskIn(system, name, { states: ["Succeeded", "Failed"] });
    expect(status).toMatchObject({ state: "Failed", attempt: 1, failure: { class: "BadData" } });
    expect(status.failure?.message).toContain(`no ConfigMap "${configMap.name}" with the key "${configMap.key}"`);
  });

  it("is not looked for in a volume here, and the task's condition says what to use instead", async () => {
    const { metadata } = await submit(system, fromVolume);
    const message = await until("the condition says so", async () => {
      const { status } = await getTask(system, metadata.name);
      const running = status.conditions?.find(({ type }) => type === "Running") as { message?: string } | undefined;
      return running?.message?.includes("persistentvolumeclaim") === true ? running.message : undefined;
    });
    expect(message).toContain('persistentvolumeclaim "tables" not found: this local cluster has no persistent volumes');
    expect(message).toContain("ConfigMap");
    await fetch(`${system.url}/v1/tasks/${metadata.name}/cancel`, { method: "POST" });
    await taskIn(system, metadata.name, { states: ["Cancelled"] });
  });

  const files = { inline: { csv }, mounted: { configMap: { name: "tables", key: "points.csv" } } };
  it.each(Object.entries(files))("is a file for a container, %s", async (name, source) => {
    const digest = createHash("sha256").update(csv).digest("hex");
    const command = ["sh", "-ec", `sha256sum "$TRAINTASK_DATASET_FILE" | grep ^${digest}`];
    const spec = { trainer: { container: { image: "mine:1", command } }, backoffLimit: 0 };
    const task = taskWith(`container-${name}`, source, spec) as KubeObject;
    await client.create(trainTasks, { ...task, metadata: { ...task.metadata, namespace } });
    await taskIn(system, `container-${name}`, { states: ["Succeeded"] });
  });
});
