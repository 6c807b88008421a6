/** What has ended stays ended, whoever writes late and whatever is deleted. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InvalidError } from "../../kube/errors.ts";
import { type Job, jobs, pods } from "../../kube/objects.ts";
import { trainTasks } from "../../traintask/names.ts";
import { clusterClient, getTask, slowForest, startSystem, submit, type System, taskIn, until } from "./system.ts";

let system: System;
let cluster: ReturnType<typeof clusterClient>;
const key = { namespace: "default", name: "finished" };

beforeAll(async () => {
  system = await startSystem();
  cluster = clusterClient(system);
  await submit(system, slowForest(key.name, { trees: 20, rows: 500 }));
  await taskIn(system, key.name, { states: ["Succeeded"] });
  // What is still written after the end.
  await until("the log is stored", async () => {
    const { status } = await getTask(system, key.name);
    return "logStored" in status ? true : undefined;
  });
});
afterAll(async () => {
  await cluster.close();
  await system.stop();
});

describe("a finished task", () => {
  it("is not run again when its Job is deleted", async () => {
    const before = await getTask(system, key.name);
    const [job] = (await cluster.client.list<Job>(jobs, { namespace: key.namespace })).items;
    await cluster.client.delete(
      jobs,
      { namespace: key.namespace, name: job?.metadata?.name ?? "" },
      { propagationPolicy: "Foreground" },
    );
    await until("the Job is gone", async () => {
      const { items } = await cluster.client.list<Job>(jobs, { namespace: key.namespace });
      return items.length === 0 ? true : undefined;
    });
    // Long enough for the operator to have looked at the task many times.
    await sleep(3_000);
    expect((await cluster.client.list(jobs, { namespace: key.namespace })).items).toEqual([]);
    expect((await cluster.client.list(pods, { namespace: key.namespace })).items).toEqual([]);
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
      const late = cluster.client.patchStatus(trainTasks, key, { body: { status } });
      await expect(late).rejects.toThrow(InvalidError);
      await expect(late).rejects.toThrow(/finished is final/);
    }
  });
});
