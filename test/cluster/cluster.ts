/** The cluster: up, down, and how it is. Whatever a crash left behind, `takeDown` takes away. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { makeCertificates } from "./certificates.ts";
import { removeCgroups } from "./cgroups.ts";
import { succeeds } from "./command.ts";
import { kubectl, startControlPlane } from "./control-plane.ts";
import { layout, type ClusterSize } from "./layout.ts";
import { makeNetwork, networkIsThere, removeNetwork } from "./network.ts";
import { startNode, stopNode } from "./node.ts";
import { installPackages } from "./packages.ts";
import { startPretendedNodes } from "./pretended-nodes.ts";
import { recordedNames, runs, stop } from "./process.ts";
import { buildReleaseImages, putOnNode } from "./release-images.ts";
import { buildTools, isBuilt, needsCompiler, type ToolSetName } from "./tools.ts";
import { makeVolumes } from "./volumes.ts";

const toolsOf: Record<ClusterSize, ToolSetName[]> = {
  "control-plane": ["etcd", "kubernetes", "kwok", "helm", "s3"],
  node: ["etcd", "kubernetes", "containerd", "cni", "runc", "dns", "helm", "s3"],
};

export interface Up {
  readonly size: ClusterSize;
  /** Is told each step. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The size of the cluster that runs and answers. */
export async function runningSize(): Promise<ClusterSize | undefined> {
  if (!existsSync(layout.size) || !networkIsThere()) return undefined;
  if (!recordedNames().every(runs) || !(await succeeds(kubectl("get", "--raw", "/readyz")))) return undefined;
  return readFileSync(layout.size, "utf8") as ClusterSize;
}

/** Starts a cluster. What is left of an earlier one goes first; what was begun is taken down when a step fails. */
export async function bringUp({ size, progress, signal }: Up): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Error("a cluster on this machine needs Linux and root; set KUBECONFIG to use another one");
  }
  const tools = toolsOf[size];
  await installPackages(size, { withCompiler: tools.some((name) => needsCompiler(name) && !isBuilt(name)), progress });
  await buildTools(tools, { progress, signal });
  await takeDown();
  try {
    mkdirSync(layout.run, { recursive: true, mode: 0o700 });
    writeFileSync(layout.size, size);
    await makeNetwork();
    await makeCertificates();
    progress("starting the control plane");
    await startControlPlane(signal);
    progress(size === "node" ? "starting a node" : "starting pretended nodes");
    await (size === "node" ? startNode(signal) : startPretendedNodes(signal));
  } catch (error) {
    await takeDown();
    throw error;
  }
}

/** Gives the node the images of today's sources, and empty volumes for those that were used. */
export async function furnishNode(options: Omit<Up, "size">): Promise<void> {
  await putOnNode(await buildReleaseImages(options));
  await makeVolumes();
}

/** etcd last: without it the API server takes more than a minute to end. */
export async function takeDown(): Promise<void> {
  await stopNode();
  for (const name of ["kwok", "kube-controller-manager", "kube-scheduler", "kube-apiserver", "etcd"]) await stop(name);
  await removeNetwork();
  removeCgroups();
  rmSync(layout.run, { recursive: true, force: true });
}
