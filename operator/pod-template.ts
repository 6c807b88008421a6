/**
 * The training pod. It passes the restricted Pod Security Standard: no root, no privileges, a read-only root file system
 * with room at /tmp and HOME, no token for the Kubernetes API. What it needs to report comes as files of one projected
 * volume: a token that names its task, the trainer's configuration, the API's certificate authority.
 */
import type { Container, PodSpec, PodTemplate } from "../kube/objects.ts";
import { paths, tokenAudience } from "../traintask/contract.ts";
import type { PodConfig } from "../traintask/pod-config.ts";
import { podConfigDigest } from "../traintask/pod-config-digest.ts";
import { annotations, containerName } from "../traintask/names.ts";
import { containerMounts, containerVolumes } from "./container-volumes.ts";
import { datasetVolume, inlineRows } from "./dataset-file.ts";
import { isBuiltIn } from "./failure.ts";
import { podEnvironment } from "./pod-environment.ts";
import { podResources } from "./resources.ts";
import type { TaskView } from "./views.ts";

export interface PodSettings {
  /** Base URL of the API as pods reach it, without a trailing slash. */
  readonly apiUrl: string;
  /** PEM bundle that signs the API's certificate; "" for plain http or a certificate that everybody trusts. */
  readonly ca: string;
  readonly trainerImage: string;
  readonly maxModelBytes: number;
  /** Whether tasks may read tables from https addresses that are not public. Default false. */
  readonly allowPrivateAddresses?: boolean;
}

export interface PodOptions {
  readonly attempt: number;
  readonly labels: Record<string, string>;
  readonly settings: PodSettings;
}

/** A user id that no image needs to know: 65532 is `nonroot` where images have names for it. */
const nobody = 65532;
const home = "/home/trainer";
const tokenSeconds = 3600;

export function podTemplate(task: TaskView, options: PodOptions): PodTemplate {
  const { ca } = options.settings;
  const rows = inlineRows(task);
  const notes = {
    ...(isBuiltIn(task) ? { [annotations.config]: JSON.stringify(podConfig(task, options.settings)) } : {}),
    ...(rows === undefined ? {} : { [annotations.rows]: rows }),
    ...(ca === "" ? {} : { [annotations.ca]: ca }),
  };
  return {
    metadata: { labels: options.labels, ...(Object.keys(notes).length === 0 ? {} : { annotations: notes }) },
    spec: podSpec(task, options, Object.keys(notes)),
  };
}

function podConfig({ spec }: TaskView, { maxModelBytes, allowPrivateAddresses = false }: PodSettings): PodConfig {
  const { trainer, dataset = { testFraction: "0" }, seed } = spec;
  return { trainer, dataset, seed, maxModelBytes, allowPrivateAddresses, checkedBy: podConfigDigest };
}

function podSpec(task: TaskView, options: PodOptions, notes: readonly string[]): PodSpec {
  const { nodeSelector, tolerations, affinity, runAsUser = nobody } = task.spec.trainer.container ?? {};
  const dataset = datasetVolume(task);
  return {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: task.spec.terminationGracePeriodSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser,
      runAsGroup: runAsUser,
      fsGroup: runAsUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations: tolerations as PodSpec["tolerations"] & object }),
    ...(affinity === undefined ? {} : { affinity: affinity as PodSpec["affinity"] & object }),
    containers: [trainerContainer(task, options)],
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "home", emptyDir: {} },
      projectedFiles(task, notes),
      ...(dataset === undefined ? [] : [dataset.volume]),
      ...containerVolumes(task),
    ],
  };
}

function trainerContainer(task: TaskView, { attempt, settings }: PodOptions): Container {
  const { container } = task.spec.trainer;
  const dataset = datasetVolume(task);
  return {
    name: containerName,
    image: container?.image ?? settings.trainerImage,
    ...(container?.command === undefined ? {} : { command: container.command }),
    ...(container?.args === undefined ? {} : { args: container.args }),
    ...(container?.workingDir === undefined ? {} : { workingDir: container.workingDir }),
    env: podEnvironment(task, { attempt, home, settings }),
    resources: podResources(task),
    terminationMessagePath: paths.terminationLog,
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "traintask", mountPath: paths.mount, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      { name: "home", mountPath: home },
      ...(dataset === undefined ? [] : [dataset.mount]),
      ...containerMounts(task),
    ],
  };
}

/** Annotations become files by the downward API, so that no object is made in the task's namespace. */
function projectedFiles({ metadata }: TaskView, notes: readonly string[]): NonNullable<PodSpec["volumes"]>[number] {
  const fileOf: Readonly<Record<string, string>> = {
    [annotations.config]: paths.config,
    [annotations.rows]: paths.rows,
    [annotations.ca]: paths.ca,
  };
  const items = notes.map((note) => ({
    path: (fileOf[note] ?? "").slice(paths.mount.length + 1),
    fieldRef: { fieldPath: `metadata.annotations['${note}']` },
  }));
  const token = {
    audience: tokenAudience(metadata),
    expirationSeconds: tokenSeconds,
    path: paths.token.slice(paths.mount.length + 1),
  };
  return {
    name: "traintask",
    projected: {
      sources: [{ serviceAccountToken: token }, ...(items.length === 0 ? [] : [{ downwardAPI: { items } }])],
    },
  };
}
