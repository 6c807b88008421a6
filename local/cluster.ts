/**
 * A cluster on one machine: the API server and the controllers that a Kubernetes cluster has around it, over one
 * directory. What it is told to do is in that directory alone, so that it may die at any time and be started again.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { CustomResourceDefinition, Resource } from "../kube/objects.ts";
import { builtinKinds } from "./apiserver/kinds/builtin.ts";
import type { ConfigMap } from "./apiserver/kinds/config-map.ts";
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
import type { ConfigMapValues } from "./kubelet/volumes.ts";
import type { Registry } from "./registry.ts";
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
  /**
   * Starts the kubelet, once what its pods need is there.
   * @param services base URLs that pods know, and where they lead to now: Jobs outlive the ports of this program
   */
  startPods(services?: Readonly<Record<string, string>>): void;
  /**
   * Ends the pods within three seconds and writes how they ended; resolves when no process is left. No pod is
   * created, placed or started any more: what waits, waits for the next start.
   */
  stopPods(): Promise<void>;
  /** After stopPods. */
  close(): void;
}

const nodeName = "local";
/** Kubernetes' own bound of a node. */
const maxPods = 110;
/** What pods are given to end when the program does. */
const shutdownGraceMs = 3_000;
const definitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};
const configMaps: Resource = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true };
const chartCrds = join(import.meta.dirname, "../deploy/helm/traintask/crds");

/** Starts a cluster where the last one over this directory ended, however that was. */
export function startCluster(options: ClusterOptions): Cluster {
  const { dataDir, clock, log, crds = readCrds(), backOff } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const root = join(dataDir, "pods");
  const logs = podLogs(root);
  const databasePath = join(dataDir, "cluster.db");
  const apiServer = createApiServer({ databasePath, clock, log, crds, logs: logs.read });
  const { registry, tokens } = apiServer;
  const shared = { registry, clock, log };
  const capacity = { ...machineCapacity(), ...options.capacity };
  const startKubelet = (services: Readonly<Record<string, string>>): Kubelet =>
    new Kubelet({
      ...shared,
      nodeName,
      root,
      logs,
      services,
      runtime: options.runtime ?? processRuntime(clock),
      policy: options,
      machine: capacity,
      hostEnvironment: options.hostEnvironment,
      mintToken: (request) => tokens.issue(request).token,
      configMap: (namespace, name) => valuesOf(registry.get<ConfigMap>(configMaps, { namespace, name })),
    });
  let kubelet: Kubelet | undefined;
  const stopPlacing = [
    startJobController({ ...shared, ...(backOff === undefined ? {} : { backOff }) }),
    startScheduler({ ...shared, nodeName, node: { capacity, labels: nodeLabels() } }),
  ];
  const stopCollecting = [
    startGarbageCollector({ ...shared, resources: servedResources(registry) }),
    startPodCollector(shared),
    startEventExpiry(shared),
  ];
  return {
    apiServer,
    startPods(services = {}) {
      kubelet ??= startKubelet(services);
    },
    async stopPods() {
      for (const stop of stopPlacing) stop();
      await kubelet?.close(shutdownGraceMs);
    },
    close() {
      for (const stop of stopCollecting) stop();
      apiServer.close();
    },
  };
}

function valuesOf(configMap: ConfigMap | undefined): ConfigMapValues | undefined {
  if (configMap === undefined) return undefined;
  const bytes = Object.entries(configMap.binaryData ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64")]);
  return { ...configMap.data, ...Object.fromEntries(bytes) };
}

/** All kinds that are stored: the built-in ones and those that definitions add. */
function servedResources(registry: Registry): Resource[] {
  const custom = registry
    .list<CustomResourceDefinition>(definitions)
    .flatMap(({ spec: { group, names, scope, versions } }) =>
      versions.slice(0, 1).map(({ name: version }) => ({
        group,
        version,
        plural: names.plural,
        kind: names.kind,
        namespaced: scope === "Namespaced",
      })),
    );
  return [...builtinKinds.map(({ resource }) => resource), ...custom];
}

/** The definitions that the chart installs, as YAML. */
export function readCrds(): string[] {
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
