/**
 * The environment of a training pod: ours by the names of traintask/contract.ts, the three names that Kubeflow's clients
 * read, and for a container what the task gives it, which cannot replace ours.
 */
import type { Container } from "../kube/objects.ts";
import { env, paths, routes } from "../traintask/contract.ts";
import { datasetVariables } from "./dataset-file.ts";
import { isBuiltIn } from "./failure.ts";
import type { PodSettings } from "./pod-template.ts";
import type { TaskView } from "./views.ts";

type Environment = NonNullable<Container["env"]>;

export interface EnvironmentOptions {
  readonly attempt: number;
  readonly home: string;
  readonly settings: PodSettings;
}

export function podEnvironment(task: TaskView, options: EnvironmentOptions): Environment {
  const ours = Object.entries(ourVariables(task, options)).map(([name, value]) => ({ name, value }));
  const names = new Set(ours.map(({ name }) => name));
  const given = (task.spec.trainer.container?.env ?? []).filter(({ name }) => !names.has(name));
  const own = new Set(given.map(({ name }) => name));
  return [
    ...given.map(({ name, value }) => (value === undefined ? { name } : { name, value })),
    ...(own.has("HOME") ? [] : [{ name: "HOME", value: options.home }]),
    ...ours,
  ];
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
    ...(isBuiltIn(task) ? { [env.config]: paths.config } : {}),
    ...datasetVariables(task, settings.apiUrl),
    [env.token]: paths.token,
    [env.terminationLog]: paths.terminationLog,
    [env.kubeflowUrl]: settings.apiUrl + routes.progress({ namespace, name }),
    [env.kubeflowToken]: paths.token,
    ...(settings.ca === "" ? {} : { [env.ca]: paths.ca, [env.kubeflowCa]: paths.ca }),
  };
}
