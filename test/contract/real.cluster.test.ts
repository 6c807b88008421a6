/** The whole contract, on the real cluster that KUBECONFIG names, through the same client. */
import { afterAll, beforeAll, describe } from "vitest";
import type { Harness } from "./harness.ts";
import { type RealCluster, joinRealCluster } from "./real-harness.ts";
import { apiServerContract, clusterContract } from "./suite.ts";

describe("a real cluster", () => {
  let cluster: RealCluster;
  const harness = (): Harness => cluster.harness;
  beforeAll(async () => {
    cluster = await joinRealCluster({
      kubeconfig: process.env["KUBECONFIG"],
      shellImage: process.env["TRAINTASK_SHELL_IMAGE"] ?? "busybox:1.37",
    });
  });
  afterAll(() => cluster.leave());

  describe("its API server", () => apiServerContract(harness));
  // The variable is set by test/cluster for a cluster of pretended nodes.
  describe.skipIf(process.env["TRAINTASK_NO_KUBELET"] !== undefined)(
    "its controllers and its kubelet (skipped on pretended nodes, where no container can run)",
    () => clusterContract(harness),
  );
});
