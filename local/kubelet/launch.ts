/**
 * From a container's spec to what is started on the host: command, environment, working directory, memory limit.
 * A child process has no user, capabilities or root file system of its own: the security context has no effect here.
 */
import { env as contractEnv } from "../../traintask/contract.ts";
import type { Container, Pod } from "../../kube/objects.ts";
import type { LaunchChoice } from "./container-worker.ts";
import { environmentOf } from "./environment.ts";
import { expand } from "./expand.ts";
import { amountOf, ContainerConfigError } from "./fields.ts";
import { chooseCommand, type ImagePolicy } from "./images.ts";
import { toHostPath } from "./mounts.ts";
import { type PodDirectory, tokenVariable } from "./pod-directory.ts";
import { mountsOf, type VolumeSources } from "./volumes.ts";

export interface LaunchContext {
  readonly pod: Pod;
  readonly directory: PodDirectory;
  readonly policy: ImagePolicy;
  readonly sources: VolumeSources;
  /** PATH and LANG of this machine: all that a container inherits. */
  readonly hostEnvironment: Readonly<Record<string, string>>;
  /** Base URLs that pods know, and where they lead to now. */
  readonly services: Readonly<Record<string, string>>;
}

/** @throws ContainerConfigError when the container cannot be started as it asks */
export function launch(container: Container, context: LaunchContext): LaunchChoice {
  const { pod, directory, sources } = context;
  refuseUnsupported(container, pod);
  const command = chooseCommand(container, context.policy);
  if ("waiting" in command) return command;
  const paths = directory.container(container.name);
  const terminationLog = container.terminationMessagePath ?? "/dev/termination-log";
  const mounts = [
    ...mountsOf(container, (volume) => directory.volume(volume)),
    { mountPath: terminationLog, hostPath: paths.terminationLog },
    // No DNS here that would lead to a Service: its base URL is replaced in the same places as a path.
    ...Object.entries(context.services).map(([mountPath, hostPath]) => ({ mountPath, hostPath })),
  ];
  const hostname = pod.spec?.hostname ?? pod.metadata?.name ?? "";
  const environment = environmentOf(container, {
    pod,
    mounts,
    machine: sources.machine,
    base: { ...context.hostEnvironment, HOME: paths.home, TMPDIR: paths.tmp, HOSTNAME: hostname },
    configMapValue: (name, key) => {
      const value = sources.configMap(name)?.[key];
      return typeof value === "string" ? value : undefined;
    },
  });
  const parentPipe = command.entryPoint.length > 0;
  const limit = container.resources?.limits?.["memory"];
  return {
    start: {
      argv: [...command.entryPoint, ...command.argv.map((text) => toHostPath(expand(text, environment), mounts))],
      env: {
        ...environment,
        ...(parentPipe ? { [contractEnv.parentPipe]: "stdin" } : {}),
        [tokenVariable]: directory.token() ?? directory.makeToken(),
      },
      workingDir: container.workingDir === undefined ? paths.home : toHostPath(container.workingDir, mounts),
      parentPipe,
    },
    ...(limit === undefined ? {} : { memoryLimit: amountOf(limit) }),
  };
}

const unsupported = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "volumeDevices"] as const;

/** What cannot be done is refused by name, never left out in silence. */
function refuseUnsupported(container: Container, { spec }: Pod): void {
  if ((spec?.initContainers ?? []).length > 0) {
    throw new ContainerConfigError('"initContainers" are not supported by this local cluster');
  }
  for (const field of unsupported) {
    if (container[field] !== undefined) {
      throw new ContainerConfigError(`"${field}" is not supported by this local cluster`);
    }
  }
}
