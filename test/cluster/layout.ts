/**
 * Where everything of the test cluster lies: tools that were built, in a cache that outlives it, and the state of the
 * cluster, which goes with it. Nothing of it is in the source tree. TRAINTASK_CLUSTER names another cluster beside it:
 * network, cgroups and state of two names have nothing in common.
 */
import { homedir } from "node:os";
import { join } from "node:path";

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "traintask", "cluster");

/** Sources of the tools: one folder with go.mod and go.sum for each set. */
export const toolSources = join(import.meta.dirname, "tools");
export const toolCache = join(cache, "tools");
/** Archives of the two images, by the hash of their sources. */
export const imageCache = join(cache, "images");

export const clusterName = process.env["TRAINTASK_CLUSTER"] ?? "traintask";

const run = join(cache, "run", clusterName);

/** "control-plane": no kubelet, nodes are pretended by KWOK. "node": one real node. */
export type ClusterSize = "control-plane" | "node";

/** The state of the running cluster; its unix sockets bound how long these paths may be. */
export const layout = {
  run,
  /** Which program is at work on the cluster; outlives its state. */
  claim: join(cache, `claim-${clusterName}`),
  records: join(run, "processes"),
  logs: join(run, "log"),
  /** What service accounts asked of the API server, a JSON object a line. */
  audit: join(run, "log", "audit.log"),
  certificates: join(run, "pki"),
  etcd: join(run, "etcd"),
  containerd: join(run, "containerd"),
  containerdSocket: join(run, "containerd", "c.sock"),
  kubelet: join(run, "kubelet"),
  podLogs: join(run, "pod-logs"),
  network: join(run, "cni"),
  dns: join(run, "dns"),
  volumes: join(run, "volumes"),
  images: join(run, "images"),
  /** Names of the release's images on the node, as environment variables. */
  releaseImages: join(run, "release-images.json"),
  /** Says what was started: a ClusterSize. */
  size: join(run, "size"),
} as const;

export type User = "admin" | "controller-manager" | "scheduler" | "proxy" | "node";

export const kubeconfigOf = (user: User): string => join(run, "kubeconfig", user);

/** Addresses within the cluster's own network namespace, where they meet nobody else's. */
export const addresses = {
  node: "10.243.0.1",
  services: "10.96.0.0/16",
  firstService: "10.96.0.1",
  dns: "10.96.0.10",
  pods: "10.244.0.0/16",
  podsOfNode: "10.244.0.0/24",
} as const;

export const nodeName = "node1";
