/** What a real API server refuses and defaults, with the CRDs from the chart: word for word what the local one does. */
import { afterAll, beforeAll } from "vitest";
import { trainQueues, trainTasks } from "../traintask/names.ts";
import { joinRealCluster, type RealCluster } from "./contract/real-harness.ts";
import { admissionCases, type Door } from "./rule-cases/admission.ts";
import { chartDefinitions } from "./rule-cases/chart-definitions.ts";

let cluster: RealCluster;
let door: Door;
beforeAll(async () => {
  cluster = await joinRealCluster({ kubeconfig: process.env["KUBECONFIG"], shellImage: "none" });
  const [tasks = "", queues = ""] = chartDefinitions();
  await cluster.serve(tasks, trainTasks);
  await cluster.serve(queues, trainQueues);
  door = { client: cluster.harness.client, namespace: await cluster.harness.namespace() };
});
afterAll(() => cluster.leave());

admissionCases(() => door);
