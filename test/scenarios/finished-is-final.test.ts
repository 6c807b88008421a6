/** What has ended stays ended, whoever writes late and whatever is deleted. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { KubeClient } from "../../kube/client.ts";
import { InvalidError } from "../../kube/errors.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { type Job, jobs, pods } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport } from "../../kube/transport.ts";
import { trainTasks } from "../../traintask/names.ts";
import { getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

let system: System;
let transport: Transport;
let client: KubeClient;
const key = { namespace: "default", name: "finished" };

beforeAll(async () => {
  system = await startSystem();
  const kubeconfig = parse(readFileSync(system.kubeconfig, "utf8")) as { clusters: { cluster: { server: string } }[] };
  transport = httpsTransport({ baseUrl: kubeconfig.clusters[0]?.cluster.server ?? "" });
  client = restClient(transport);
  await submit(system, slowForest(key.name, { trees: 20, rows: 500 }));
  await taskIn(system, key.name, { states: ["Succeeded"] });
});
afterAll(async () => {
  await transport.close();
  await system.stop();
});

describe("a finished task", () => {
  it("is not run again when its Job is deleted", async () => {
    const before = await getTask(system, key.name);
    const [job] = (await client.list<Job>(jobs, { namespace: key.namespace })).items;
    await client.delete(
      jobs,
      { namespace: key.namespace, name: job?.metadata?.name ?? "" },
      { propagationPolicy: "Foreground" },
    );
    await until("the Job is gone", async () => {
      const { items } = await client.list<Job>(jobs, { namespace: key.namespace });
      return items.length === 0 ? true : undefined;
    });
    // Long enough for the operator to have looked at the task many times.
    await sleep(3_000);
    expect((await client.list(jobs, { namespace: key.namespace })).items).toEqual([]);
    expect((await client.list(pods, { namespace: key.namespace })).items).toEqual([]);
    expect((await getTask(system, key.name)).status).toEqual(before.status);
    const model = await fetch(`${system.url}/v1/tasks/${key.name}/model`);
    expect(model.status).toBe(200);
  });

  it("refuses a late writer's Running, and another end", async () => {
    const lateWrites: object[] = [
      { state: "Running" },
      {
        conditions: [
          { type: "Running", status: "True", reason: "PodsReady", lastTransitionTime: new Date().toISOString() },
        ],
      },
      { completionTime: "2020-01-01T00:00:00Z" },
      { conditions: null },
    ];
    for (const status of lateWrites) {
      const late = client.patchStatus(trainTasks, key, { body: { status } });
      await expect(late).rejects.toThrow(InvalidError);
      await expect(late).rejects.toThrow(/finished is final/);
    }
  });
});
