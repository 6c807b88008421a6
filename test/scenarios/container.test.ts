/** Containers where there are none: with --allow-host-commands their commands run on this machine, by the same contract. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeClient } from "../../kube/client.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { apiVersion, trainTasks } from "../../traintask/names.ts";
import { clusterClient, getTask, startSystem, type System, taskIn, until } from "./system.ts";

let system: System;
let client: KubeClient;
let hangUp = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  system = await startSystem({ args: ["--allow-host-commands"] });
  const door = clusterClient(system);
  ({ client } = door);
  hangUp = () => door.close();
});
afterAll(async () => {
  await hangUp();
  await system.stop();
});

/** Uploads this text, says that it is done, and ends well only if both were heard. */
const uploads = (text: string): string => `
const authorization = "Bearer " + require("node:fs").readFileSync(process.env.TRAINTASK_TOKEN_FILE, "utf8");
const send = (method, url, body) => fetch(url, { method, body, headers: { authorization, "content-type": "application/json" } });
(async () => {
  const put = await send("PUT", process.env.TRAINTASK_MODEL_URL, ${JSON.stringify(text)});
  const trainerStatus = { progressPercentage: 100, lastUpdatedTime: new Date().toISOString() };
  const posted = await send("POST", process.env.KUBEFLOW_TRAINER_SERVER_URL, JSON.stringify({ trainerStatus }));
  process.exit(put.status === 200 && posted.status === 200 ? 0 : 1);
})();`;

async function submit(name: string, container: object): Promise<void> {
  const trainer = { container: { image: "mine:1", ...container } };
  const metadata = { name, namespace: "default" };
  await client.create(trainTasks, {
    apiVersion,
    kind: "TrainTask",
    metadata,
    spec: { trainer, backoffLimit: 0 },
  } as KubeObject);
}
/** By a shell: a path that stood alone would be taken for one in the pod where this tree lies below /tmp. */
const program = (script: string) => ({ command: ["sh", "-c", `exec '${process.execPath}' -e "$0"`, script] });

describe("a container on this machine", { timeout: 120_000 }, () => {
  it("uploads its model, which is sealed and comes back as it was", async () => {
    await submit("uploads", { ...program(uploads("weights")), model: { mediaType: "text/plain" } });
    const { status } = await taskIn(system, "uploads", { states: ["Succeeded"] });
    expect(status.model?.digest).toBe(`sha256:${createHash("sha256").update("weights").digest("hex")}`);
    const model = await fetch(`${system.url}/v1/tasks/uploads/model`);
    expect([model.headers.get("content-type"), await model.text()]).toEqual(["text/plain", "weights"]);
  });

  it("that ends well without the model that it announced has failed", async () => {
    await submit("forgets", { ...program(""), model: { mediaType: "text/plain" } });
    const { status } = await taskIn(system, "forgets", { states: ["Failed"] });
    expect(status.failure?.class).toBe("ModelMissing");
  });

  it("whose command does not exist fails as it would in a pod", async () => {
    await submit("nothing", { command: ["/no/such/program"] });
    const { status } = await taskIn(system, "nothing", { states: ["Failed"] });
    expect(status.failure).toMatchObject({ class: "ContainerConfigError" });
    expect(status.failure?.message).toContain("/no/such/program");
  });

  it("that wants a secret is told that there are none here", async () => {
    const env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: "traintask-key", key: "k" } } }];
    await submit("secretive", { ...program(""), env });
    const message = await until("the condition says so", async () => {
      const { status } = await getTask(system, "secretive");
      const running = status.conditions?.find(({ type }) => type === "Running") as { message?: string } | undefined;
      return running?.message?.includes("secret") === true ? running.message : undefined;
    });
    expect(message).toContain('secret "traintask-key" not found: this local cluster keeps no secrets');
    await fetch(`${system.url}/v1/tasks/secretive/cancel`, { method: "POST" });
    await taskIn(system, "secretive", { states: ["Cancelled"] });
  });
});
