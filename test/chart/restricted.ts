/**
 * An independent reading of Kubernetes' Pod Security Standard "restricted", as far as a pod can break it, and of what we
 * ask beyond it: numeric ids, a read-only root file system, images that are named by tag or digest.
 */
import type { Container, PodSpec } from "../../kube/objects.ts";

const volumeKinds = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** What is wrong with a pod; empty if nothing is. */
export function violations(pod: PodSpec): string[] {
  const wrong: string[] = [];
  const expect = (holds: boolean, otherwise: string): void => {
    if (!holds) wrong.push(otherwise);
  };
  expect(pod.hostNetwork !== true && pod.hostPID !== true && pod.hostIPC !== true, "shares a namespace with its node");
  expect(pod.securityContext?.runAsNonRoot === true, "may run as root");
  expect((pod.securityContext?.runAsUser ?? 0) > 0, "has no numeric user");
  expect(pod.securityContext?.seccompProfile?.type === "RuntimeDefault", "has no seccomp profile");
  for (const { name, ...source } of pod.volumes ?? []) {
    const [kind = ""] = Object.keys(source);
    expect(volumeKinds.has(kind), `volume ${name} is a ${kind}`);
  }
  for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
    wrong.push(...ofContainer(container).map((what) => `container ${container.name} ${what}`));
  }
  return wrong;
}

function ofContainer({ securityContext, image, ports }: Container): string[] {
  const wrong = {
    "is privileged": securityContext?.privileged === true,
    "may gain privileges": securityContext?.allowPrivilegeEscalation !== false,
    "keeps capabilities": securityContext?.capabilities?.drop?.includes("ALL") !== true,
    "adds capabilities": (securityContext?.capabilities?.add ?? []).length > 0,
    "may write to its root file system": securityContext?.readOnlyRootFilesystem !== true,
    "runs as root": securityContext?.runAsUser === 0 || securityContext?.runAsNonRoot === false,
    "takes a port of its node": (ports ?? []).some(({ hostPort }) => hostPort !== undefined),
    "has an image without tag or digest": !/[:@][^/]+$/.test(image ?? ""),
  };
  return Object.entries(wrong).flatMap(([what, holds]) => (holds ? [what] : []));
}
