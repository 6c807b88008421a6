import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { systemClock } from "../kube/clock.ts";
import { silentLog } from "../kube/log.ts";
import { type Job, jobs, type Pod, pods } from "../kube/objects.ts";
import { until } from "../test/contract/scene.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { tokenVariable } from "./kubelet/pod-directory.ts";
import { processesWith } from "./kubelet/proc.ts";

const root = mkdtempSync(join(tmpdir(), "traintask-cluster-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = { namespace: "default", name: "work" };

/** Starts a cluster over a directory of this name, or the next life of one. */
function start(name: string): Cluster {
  const cluster = startCluster({
    dataDir: join(root, name),
    clock: systemClock,
    log: silentLog,
    images: {},
    allowHostCommands: true,
    hostEnvironment: { PATH: process.env["PATH"] ?? "" },
    crds: [],
    capacity: { cpu: 100 },
  });
  cluster.startPods();
  return cluster;
}

function createJob({ apiServer }: Cluster): void {
  const container = { name: "main", image: "host", command: ["sh", "-c", `echo $${tokenVariable}; exec sleep 600`] };
  apiServer.registry.create<Job>(jobs, {
    metadata: key,
    spec: {
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      template: { spec: { restartPolicy: "Never", containers: [container] } },
    },
  });
}

const job = ({ apiServer }: Cluster): Job => apiServer.registry.get<Job>(jobs, key) ?? {};
const podsOf = ({ apiServer }: Cluster): Pod[] => apiServer.registry.list<Pod>(pods);
const isReady = (cluster: Cluster) =>
  until(
    () => Promise.resolve(job(cluster)),
    ({ status }) => status?.ready === 1,
  );

/** The Job has a second pod, the end of the first does not count as a failure, and the cluster can be stopped. */
async function goesOn(cluster: Cluster): Promise<void> {
  await until(
    () => Promise.resolve(podsOf(cluster)),
    (all) => all.length === 2,
  );
  await isReady(cluster);
  expect(job(cluster).status).not.toHaveProperty("failed");
  await cluster.stopPods();
  cluster.close();
}

/** Processes of the first pod, by the token that it printed. */
async function processes(cluster: Cluster, pod: Pod): Promise<number> {
  const response = await cluster.apiServer.handle({
    method: "GET",
    path: `/api/v1/namespaces/default/pods/${pod.metadata?.name}/log`,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return processesWith(`${tokenVariable}=${Buffer.concat(chunks).toString().trim()}`).length;
}

describe.runIf(process.platform === "linux")("a cluster that died (Linux only: /proc)", () => {
  test("ends what is left of its pods and runs their Jobs on, without counting that as a failure", async () => {
    const before = start("killed");
    createJob(before);
    await isReady(before);
    const [lost] = podsOf(before);
    await until(
      () => processes(before, lost ?? {}),
      (found) => found === 1,
    );
    // As if it had been killed: nobody ends the pods.
    before.close();

    const cluster = start("killed");
    await until(
      () => Promise.resolve(podsOf(cluster)),
      (all) => all.some(({ status }) => status?.phase === "Failed"),
    );
    expect(await processes(cluster, lost ?? {})).toBe(0);
    await goesOn(cluster);
  });
});

test("a cluster that is stopped and started again goes on where it was", async () => {
  const before = start("stopped");
  createJob(before);
  await isReady(before);
  await before.stopPods();
  before.close();
  const cluster = start("stopped");
  await goesOn(cluster);
});
