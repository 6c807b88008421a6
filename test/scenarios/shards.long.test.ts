/** Forests of several shards that are paused, cancelled, and have no room for all of their pods at once. */
import { describe, expect, it } from "vitest";
import { type Job, jobs } from "../../kube/objects.ts";
import { labels } from "../../traintask/names.ts";
import {
  atWork,
  call,
  cluster,
  digestOfOnePod,
  done,
  ended,
  inMidGrowth,
  oneSlot,
  podsOf,
  submitForest,
  system,
} from "./sharded-forests.ts";
import { getTask, slowForest, submit, taskIn, until } from "./system.ts";

oneSlot();

describe("a forest of several shards", { timeout: 300_000 }, () => {
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
