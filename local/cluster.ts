/**
 * A cluster on one machine: the API server and the controllers that a Kubernetes cluster has around it, over one
 * directory. What it is told to do is in that directory alone, so that it may die at any time and be started again.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { KubeObject, Resource } from "../kube/objects.ts";
import { builtinKinds } from "./apiserver/kinds/builtin.ts";
import { type ApiServer, createApiServer } from "./apiserver/server.ts";
import { startEventExpiry } from "./garbage/events.ts";
import { startGarbageCollector } from "./garbage/collector.ts";
import { startPodCollector } from "./garbage/pods.ts";
import type { BackOffLimits } from "./jobs/back-off.ts";
import { startJobController } from "./jobs/controller.ts";
import { Kubelet } from "./kubelet/kubelet.ts";
import { podLogs } from "./kubelet/logs.ts";
import type { LocalImage } from "./kubelet/images.ts";
import { type ContainerRuntime, processRuntime } from "./kubelet/process.ts";
import type { Capacity } from "./scheduler/requests.ts";
import { startScheduler } from "./scheduler/scheduler.ts";

export interface ClusterOptions {
  /** Where all state is kept; made when it is not there. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What stands for images, by name. */
  readonly images: Readonly<Record<string, LocalImage>>;
  /** Whether containers may run commands of their own on this machine. */
  readonly allowHostCommands: boolean;
  /** PATH and LANG for the containers: nothing else of this program's environment is handed on. */
  readonly hostEnvironment: Readonly<Record<string, string>>;
  /** What pods may ask for; this machine's cores and memory unless told otherwise. */
  readonly capacity?: Partial<Capacity>;
  /** Custom resource definitions as YAML; the chart's unless told otherwise. */
  readonly crds?: readonly string[];
  /** How containers run; as child processes unless a simulation brings its own. */
  readonly runtime?: ContainerRuntime;
  /** Pauses between a Job's pods that fail; Kubernetes' unless told otherwise. */
  readonly backOff?: BackOffLimits;
}

export interface Cluster {
  readonly apiServer: ApiServer;
  /** Ends the pods, and then everything else. Their ends are written; what waits to be started waits on. */
  close(): Promise<void>;
}

const nodeName = "local";
/** Kubernetes' own bound of a node. */
const maxPods = 110;
/** What pods are given to end when the program does. */
const shutdownGraceMs = 3_000;
const configMaps: Resource = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true };
const chartCrds = join(import.meta.dirname, "../deploy/helm/traintask/crds");

/** Starts a cluster where the last one over this directory ended, however that was. */
export function startCluster(options: ClusterOptions): Cluster {
  const { dataDir, clock, log, crds = readCrds(), backOff } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const root = join(dataDir, "pods");
  const logs = podLogs(root);
  const apiServer = createApiServer({ databasePath: join(dataDir, "cluster.db"), clock, log, crds });
  const { registry } = apiServer;
  const shared = { registry, clock, log };
  const capacity = { ...machineCapacity(), ...options.capacity };
  const kubelet = new Kubelet({
    ...shared,
    ...options,
    nodeName,
    root,
    logs,
    machine: capacity,
    policy: options,
    runtime: options.runtime ?? processRuntime(clock),
    mintToken: () => "",
    configMap: (namespace, name) =>
      registry.get<KubeObject & { data?: Record<string, string> }>(configMaps, { namespace, name })?.data,
  });
  const stopPlacing = [
    startJobController({ ...shared, ...(backOff === undefined ? {} : { backOff }) }),
    startScheduler({ ...shared, nodeName, node: { capacity, labels: nodeLabels() } }),
  ];
  const stopCollecting = [
    startGarbageCollector({ ...shared, resources: builtinKinds.map(({ resource }) => resource) }),
    startPodCollector(shared),
    startEventExpiry(shared),
  ];
  return {
    apiServer,
    async close() {
      for (const stop of stopPlacing) stop();
      await kubelet.close(shutdownGraceMs);
      for (const stop of stopCollecting) stop();
      apiServer.close();
    },
  };
}

function readCrds(): string[] {
  return readdirSync(chartCrds)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(join(chartCrds, name), "utf8"));
}

/** What this machine has, or what a container around this program lets it have. */
function machineCapacity(): Capacity {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
  return { cpu: availableParallelism(), memory, pods: maxPods };
}

function nodeLabels(): Record<string, string> {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return { "kubernetes.io/os": process.platform, "kubernetes.io/arch": arch, "kubernetes.io/hostname": nodeName };
}
