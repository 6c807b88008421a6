/** Nodes that exist on paper: KWOK answers for their kubelets, so thousands of pods "run" in no time and no memory. */
import { join } from "node:path";
import { command } from "./command.ts";
import { apply, kubectl } from "./control-plane.ts";
import { kubeconfigOf } from "./layout.ts";
import { start, untilReady } from "./process.ts";
import { tool } from "./tools.ts";

const count = 5;

export async function startPretendedNodes(signal: AbortSignal): Promise<void> {
  start("kwok", [
    tool("kwok", "kwok"),
    `--kubeconfig=${kubeconfigOf("admin")}`,
    `--config=${join(import.meta.dirname, "stages.yaml")}`,
    "--manage-all-nodes=false",
    "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
    "--node-lease-duration-seconds=40",
  ]);
  await apply(Array.from({ length: count }, (_, index) => aNode(`pretended-${index + 1}`)));
  await untilReady("kwok", allReady, { signal });
}

async function allReady(): Promise<boolean> {
  const path = "jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}";
  const ready = await command(kubectl("get", "nodes", "-o", path));
  return ready === Array.from({ length: count }, () => "True").join(" ");
}

function aNode(name: string): object {
  const resources = { cpu: "1000", memory: "1Ti", pods: "1000" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" },
    },
    status: { allocatable: resources, capacity: resources },
  };
}
