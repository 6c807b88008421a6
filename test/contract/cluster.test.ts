/** The contract of Jobs, pods and garbage collection, on the local cluster with real processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { type Cluster, startCluster } from "../../local/cluster.ts";
import type { Harness } from "./harness.ts";
import { localHarness } from "./local-harness.ts";
import { clusterContract } from "./suite.ts";

describe("the local cluster", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "traintask-contract-"));
  let cluster: Cluster;
  let harness: Harness;

  beforeAll(() => {
    cluster = startCluster({
      dataDir,
      clock: systemClock,
      log: silentLog,
      images: {},
      allowHostCommands: true,
      hostEnvironment: { PATH: process.env["PATH"] ?? "" },
      crds: [],
      // Cases wait for each other's processes, not for the machine's cores; and seconds instead of minutes for retries.
      capacity: { cpu: 1000 },
      backOff: { firstMs: 200, longestMs: 1_000 },
    });
    cluster.startPods();
    harness = localHarness(cluster.apiServer, (script) => ({
      name: "main",
      image: "host",
      command: ["sh", "-c", script],
    }));
  });

  afterAll(async () => {
    await cluster.stopPods();
    cluster.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  clusterContract(() => harness);
});
