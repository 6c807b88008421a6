/** What operator and API take of the machine's memory while 10,000 tasks wait: as they heard of them, and anew. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import type { KubeObject } from "../../kube/objects.ts";
import { apiVersion, trainTasks } from "../../traintask/names.ts";
import { until } from "../cluster/until.ts";
import { install, type Installation } from "./installation.ts";

const count = 10_000;
const goalMiB = 120;
/** When the collector last ran decides over some MiB, on a busy machine over more; what is measured is printed. */
const toleratedMiB = 1.2 * goalMiB;
/** After which garbage of the flood is collected. */
const settleMs = 15_000;

describe(`while ${count} tasks are queued`, () => {
  let installed: Installation;
  beforeAll(async () => {
    installed = await install({ maxRunning: 1 });
    let next = 0;
    const submitMore = async (): Promise<void> => {
      while (next < count) {
        next += 1;
        await installed.client.create<KubeObject>(trainTasks, aTask(installed, `task-${next}`));
      }
    };
    await installed.client.create<KubeObject>(trainTasks, aLongTask(installed));
    await untilCounted(installed, { running: 1 });
    await Promise.all(Array.from({ length: 16 }, submitMore));
    await untilCounted(installed, { running: 1, queued: count });
  }, 900_000);
  afterAll(() => installed.close());

  const measure = async (when: string): Promise<void> => {
    await clock.sleep(settleMs);
    const { operator, api } = installed;
    for (const [name, program] of Object.entries({ operator, api }))
      console.log(
        `${when}: ${name} ${program.residentMiB().toFixed(0)} MiB, at most ${program.peakMiB().toFixed(0)} MiB (goal: ${goalMiB} MiB)`,
      );
    expect(operator.residentMiB()).toBeLessThanOrEqual(toleratedMiB);
    expect(api.residentMiB()).toBeLessThanOrEqual(toleratedMiB);
  };

  it(`operator and API that heard of each take about ${goalMiB} MiB`, () => measure("by watches"));

  it(`operator and API that start with all of them take about ${goalMiB} MiB`, async () => {
    await installed.restart("operator");
    await installed.restart("api");
    await untilCounted(installed, { running: 1, queued: count });
    await measure("by lists");
  });
});

const aTask = ({ name, namespace }: Installation, task: string): KubeObject =>
  ({
    apiVersion,
    kind: trainTasks.kind,
    metadata: { namespace, name: task },
    spec: {
      queue: name,
      trainer: { randomForest: {} },
      dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
    },
  }) as KubeObject;

/** Holds the only slot. */
const aLongTask = ({ name, namespace }: Installation): KubeObject =>
  ({
    apiVersion,
    kind: trainTasks.kind,
    metadata: { namespace, name: "long" },
    spec: {
      queue: name,
      trainer: { container: { image: "pretended", env: [{ name: "PRETENDED_DURATION", value: "24h" }] } },
    },
  }) as KubeObject;

async function untilCounted(installed: Installation, wanted: Readonly<Record<string, number>>): Promise<void> {
  const path = `/v1/counts?namespace=${installed.namespace}`;
  const isSo = async (): Promise<boolean> => {
    const counts = JSON.parse((await installed.call({ method: "GET", path })).text) as Record<string, unknown>;
    return Object.entries(wanted).every(([state, number]) => counts[state] === number);
  };
  await until(`${JSON.stringify(wanted)} at ${path}`, isSo, { timeoutMs: 120_000 });
}
