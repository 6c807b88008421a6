/** A Job whose pods do not all have room at once, with real processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { type Job, jobs, type Pod, pods } from "../../kube/objects.ts";
import { until } from "../../test/contract/scene.ts";
import { startCluster } from "../cluster.ts";

const dataDir = mkdtempSync(join(tmpdir(), "traintask-shards-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const key = { namespace: "default", name: "work" };
const container = {
  name: "main",
  image: "host",
  command: ["sh", "-c", "echo $JOB_COMPLETION_INDEX"],
  resources: { requests: { cpu: "1" } },
};

test("eight shards of a core each, on two cores: two work at a time, the others wait, and all are done", async () => {
  const cluster = startCluster({
    dataDir,
    clock: systemClock,
    log: silentLog,
    images: {},
    allowHostCommands: true,
    hostEnvironment: { PATH: process.env["PATH"] ?? "" },
    crds: [],
    capacity: { cpu: 2 },
  });
  const { registry } = cluster.apiServer;
  let [placed, waited] = [0, 0];
  registry.subscribe(() => {
    const live = registry
      .list<Pod>(pods)
      .filter(({ status }) => !["Succeeded", "Failed"].includes(status?.phase ?? ""));
    placed = Math.max(placed, live.filter(({ spec }) => spec?.nodeName !== undefined).length);
    waited = Math.max(waited, live.filter(({ spec }) => spec?.nodeName === undefined).length);
  });
  cluster.startPods();
  registry.create<Job>(jobs, {
    metadata: key,
    spec: {
      completionMode: "Indexed",
      completions: 8,
      parallelism: 8,
      backoffLimitPerIndex: 0,
      maxFailedIndexes: 0,
      template: { spec: { restartPolicy: "Never", containers: [container] } },
    },
  });
  const ended = await until(
    async () => registry.get<Job>(jobs, key),
    (job) => job?.status?.completionTime !== undefined || (job?.status?.failed ?? 0) > 0,
  );
  await cluster.stopPods();
  cluster.close();
  expect(ended?.status).toMatchObject({ succeeded: 8, completedIndexes: "0-7" });
  expect(placed).toBe(2);
  expect(waited).toBeGreaterThanOrEqual(6);
});
