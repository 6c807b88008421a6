/**
 * A pod that needs more memory than it may use is killed and tried again with half as much again, from the trees that
 * it has stored, until it is enough or the retries are used up. How much memory the model cost does not show in it.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, jobs } from "../../kube/objects.ts";
import { labels } from "../../traintask/names.ts";
import { clusterClient, slowForest, startSystem, submit, type System, type TaskAnswer, taskIn } from "./system.ts";

let system: System;
let cluster: ReturnType<typeof clusterClient>;
beforeAll(async () => {
  system = await startSystem({ args: ["--max-running", "2"] });
  cluster = clusterClient(system);
});
afterAll(async () => {
  await cluster.close();
  await system.stop();
});

async function train(name: string, overrides: object = {}): Promise<TaskAnswer> {
  const task = slowForest(name) as { spec: object };
  await submit(system, { ...task, spec: { ...task.spec, ...overrides } });
  return taskIn(system, name, { states: ["Succeeded", "Failed"], withinMs: 150_000 });
}

/** The memory limits of the task's attempts, in order. */
async function limitsOf(name: string): Promise<(string | undefined)[]> {
  const { items } = await cluster.client.list<Job>(jobs, { labelSelector: `${labels.task}=${name}` });
  return items
    .toSorted((a, b) => attemptOf(a) - attemptOf(b))
    .map((job) => job.spec?.template.spec?.containers[0]?.resources?.limits?.["memory"]);
}

const attemptOf = (job: Job): number => Number(job.metadata?.labels?.[labels.attempt]);

describe("a pod that outgrows its memory limit", { timeout: 180_000 }, () => {
  it("gets half as much again at each attempt until it is enough, and ends in the same bytes", async () => {
    // Far below what node itself takes, whichever machine this is; six retries lead to eleven times as much.
    const tight = { resources: { limits: { memory: "64Mi" } }, backoffLimit: 6 };
    const [grown, enough] = await Promise.all([train("grown", tight), train("enough")]);
    expect(grown.status).toMatchObject({ state: "Succeeded", model: enough.status.model });
    const limits = await limitsOf("grown");
    expect(limits.length).toBeGreaterThan(1);
    expect(limits).toEqual(["64Mi", "96Mi", "144Mi", "216Mi", "324Mi", "486Mi", "729Mi"].slice(0, limits.length));
    expect(grown.status).toMatchObject({ attempt: limits.length, retries: limits.length - 1 });
    expect(await limitsOf("enough")).toEqual(["1Gi"]);
  });

  it("fails with OOMKilled and what to do once its retries are used up", async () => {
    const { status } = await train("starved", { resources: { limits: { memory: "32Mi" } }, backoffLimit: 1 });
    expect(status).toMatchObject({ state: "Failed", failure: { class: "OOMKilled", exitCode: 137, attempt: 2 } });
    expect(status.failure).toMatchObject({ advice: expect.stringContaining("memory limit") as string });
    expect(await limitsOf("starved")).toEqual(["32Mi", "48Mi"]);
  });
});
