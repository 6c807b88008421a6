/**
 * A container's environment: what its spec says, over a small base. Nothing of this program's own environment is
 * handed on but PATH and LANG, which the caller puts into the base.
 */
import type { Container, Pod } from "../../kube/objects.ts";
import { expand } from "./expand.ts";
import { ContainerConfigError, readField, readResource } from "./fields.ts";
import { type Mount, toHostPath } from "./mounts.ts";

export interface EnvironmentContext {
  readonly pod: Pod;
  readonly base: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly machine: { readonly cpu: number; readonly memory: number };
  /** The value of a key of a ConfigMap in the pod's namespace. */
  configMapValue(name: string, key: string): string | undefined;
}

/** What a person at a laptop can do instead. */
export const noSecrets = "this local cluster keeps no secrets, give the value in the task's environment";

type Variable = NonNullable<Container["env"]>[number];

/** @throws ContainerConfigError when a value cannot be had */
export function environmentOf(container: Container, context: EnvironmentContext): Record<string, string> {
  if ((container.envFrom ?? []).length > 0) {
    throw new ContainerConfigError("envFrom is not supported by this local cluster: list the variables under env");
  }
  // As the pod sees itself: references see paths of the pod, and only the result is moved to the host.
  const own: Record<string, string> = {};
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, container, context);
    if (value !== undefined) own[variable.name] = expand(value, own);
  }
  const moved = Object.entries(own).map(([name, value]) => [name, toHostPath(value, context.mounts)]);
  return { ...context.base, ...Object.fromEntries(moved) };
}

function valueOf(variable: Variable, container: Container, context: EnvironmentContext): string | undefined {
  const source = variable.valueFrom;
  if (source === undefined) return variable.value ?? "";
  if (source.fieldRef !== undefined) return readField(context.pod, source.fieldRef.fieldPath);
  if (source.resourceFieldRef !== undefined) return readResource(container, source.resourceFieldRef, context.machine);
  if (source.configMapKeyRef !== undefined) {
    const { name = "", key, optional } = source.configMapKeyRef;
    const value = context.configMapValue(name, key);
    if (value === undefined && optional !== true) {
      throw new ContainerConfigError(`the config map "${name}" is not there, or has no key "${key}"`);
    }
    return value;
  }
  if (source.secretKeyRef !== undefined) {
    if (source.secretKeyRef.optional === true) return undefined;
    throw new ContainerConfigError(`secret "${source.secretKeyRef.name ?? ""}" not found: ${noSecrets}`);
  }
  throw new ContainerConfigError(`the source of variable "${variable.name}" is not supported by this local cluster`);
}
