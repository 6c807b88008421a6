/**
 * The environment of a training pod: ours by the names of traintask/contract.ts, the three names that Kubeflow's clients
 * read, and for a container what the task gives it, which cannot replace ours.
 */
import type { Container } from "../kube/objects.ts";
import type { ContainerSpec } from "../traintask/container.ts";
import { env, paths, routes } from "../traintask/contract.ts";
import { datasetVariables } from "./dataset-file.ts";
import { labels } from "../traintask/names.ts";
import { parseQuantity } from "../traintask/quantity.ts";
import { isBuiltIn } from "./failure.ts";
import type { PodSettings } from "./pod-template.ts";
import { podResources } from "./resources.ts";
import { isSharded } from "./shards.ts";
import type { TaskView } from "./views.ts";

type Environment = NonNullable<Container["env"]>;

export interface EnvironmentOptions {
  readonly attempt: number;
  readonly home: string;
  readonly settings: PodSettings;
}

export function podEnvironment(task: TaskView, options: EnvironmentOptions): Environment {
  const ours = Object.entries(ourVariables(task, options)).map(([name, value]) =>
    name === env.shard && isSharded(task) ? shardVariable : { name, value },
  );
  const names = new Set(ours.map(({ name }) => name));
  const given = (task.spec.trainer.container?.env ?? []).filter(({ name }) => !names.has(name));
  const own = new Set(given.map(({ name }) => name));
  return [
    ...given.map(variableOf),
    ...(own.has("HOME") ? [] : [{ name: "HOME", value: options.home }]),
    ...(isBuiltIn(task) || asksForDevices(task) ? [] : [{ name: "NVIDIA_VISIBLE_DEVICES", value: "void" }]),
    ...ours,
  ];
}

/** Which shard a pod grows is known once its Job has made it. */
const shardVariable: Environment[number] = {
  name: env.shard,
  valueFrom: { fieldRef: { fieldPath: `metadata.labels['${labels.completionIndex}']` } },
};

function variableOf({ name, value, valueFrom }: NonNullable<ContainerSpec["env"]>[number]): Environment[number] {
  if (valueFrom === undefined) return value === undefined ? { name } : { name, value };
  const { secretKeyRef } = valueFrom;
  const { optional } = secretKeyRef;
  const reference = { name: secretKeyRef.name, key: secretKeyRef.key };
  return { name, valueFrom: { secretKeyRef: { ...reference, ...(optional === undefined ? {} : { optional }) } } };
}

/**
 * Many images say "all" in this variable, and a node's GPU runtime believes them: who asks for no device sees none. Who
 * does is told by the device plugin which.
 */
function asksForDevices(task: TaskView): boolean {
  return Object.keys(podResources(task).limits ?? {}).some((name) => name.includes("/"));
}

/** The limit in bytes: on a machine of one's own nothing else tells a trainer of it. */
function memoryVariable(task: TaskView): Record<string, string> {
  const bytes = parseQuantity(podResources(task).limits?.["memory"] ?? "");
  return bytes === undefined ? {} : { [env.memory]: String(Math.floor(bytes)) };
}

function ourVariables(task: TaskView, { attempt, settings }: EnvironmentOptions): Record<string, string> {
  const { namespace, name } = task.metadata;
  return {
    [env.apiUrl]: settings.apiUrl,
    [env.namespace]: namespace,
    [env.name]: name,
    [env.attempt]: String(attempt),
    [env.shard]: "0",
    [env.shards]: String(task.spec.shards),
    ...(isBuiltIn(task) ? { [env.config]: paths.config, ...memoryVariable(task) } : {}),
    ...datasetVariables(task, settings.apiUrl),
    ...(task.spec.trainer.container?.model === undefined
      ? {}
      : { [env.modelUrl]: settings.apiUrl + routes.model({ namespace, name }) }),
    [env.token]: paths.token,
    [env.terminationLog]: paths.terminationLog,
    [env.kubeflowUrl]: settings.apiUrl + routes.progress({ namespace, name }),
    [env.kubeflowToken]: paths.token,
    ...(settings.ca === "" ? {} : { [env.ca]: paths.ca, [env.kubeflowCa]: paths.ca }),
  };
}
