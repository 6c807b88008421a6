/** Pods. A pod that runs is deleted gracefully: its kubelet ends the containers and then deletes it with no grace. */
import { isDeepStrictEqual } from "node:util";
import type { Container, KubeObject, Pod } from "../../../kube/objects.ts";
import { forbiddenField, type Cause } from "../status.ts";
import type { Behaviour } from "./kind.ts";
import { defaultPodSpec } from "./pod-spec.ts";
import { validatePodSpec } from "./pod-spec-rules.ts";

const phase = (object: KubeObject): string => (object as Pod).status?.phase ?? "";

export const podBehaviour: Behaviour = {
  generation: true,
  prepare(object: Pod, old) {
    if (object.spec === undefined) return;
    object.spec = defaultPodSpec(object.spec);
    object.spec.containers = object.spec.containers.map(requestLimits);
    object.spec.serviceAccountName ??= "default";
    object.spec.serviceAccount ??= object.spec.serviceAccountName;
    if (old === undefined) object.status = { phase: "Pending", qosClass: qualityOfService(object) };
  },
  validate(object: Pod, old: Pod | undefined) {
    if (old !== undefined) return unchangeable(object, old);
    return validatePodSpec(object.spec, "spec");
  },
  grace(object: Pod, asked) {
    const ended = ["Succeeded", "Failed"].includes(phase(object));
    if (ended || (object.spec?.nodeName ?? "") === "") return 0;
    return Math.max(0, asked ?? object.spec?.terminationGracePeriodSeconds ?? 30);
  },
  selectable: {
    "spec.nodeName": (object) => (object as Pod).spec?.nodeName ?? "",
    "spec.restartPolicy": (object) => (object as Pod).spec?.restartPolicy ?? "",
    "spec.schedulerName": (object) => (object as Pod).spec?.schedulerName ?? "",
    "spec.serviceAccountName": (object) => (object as Pod).spec?.serviceAccountName ?? "",
    "status.phase": phase,
    "status.podIP": (object) => (object as Pod).status?.podIP ?? "",
  },
};

/** What is limited and not requested is requested up to its limit: of pods, not of templates. */
function requestLimits(container: Container): Container {
  const { resources } = container;
  if (resources?.limits === undefined) return container;
  return { ...container, resources: { ...resources, requests: { ...resources.limits, ...resources.requests } } };
}

/** A pod's spec is fixed; the scheduler alone sets nodeName, once. */
function unchangeable(object: Pod, old: Pod): readonly Cause[] {
  const free = ({ spec }: Pod): object => {
    const { activeDeadlineSeconds: _, tolerations: __, containers = [], nodeName, ...rest } = spec ?? {};
    const bound = (old.spec?.nodeName ?? "") === "" ? {} : { nodeName };
    return { ...rest, ...bound, containers: containers.map(({ image: ___, ...container }) => container) };
  };
  if (isDeepStrictEqual(free(object), free(old))) return [];
  return [
    forbiddenField(
      "spec",
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
        "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)",
    ),
  ];
}

/** Kubernetes' three classes, by requests and limits of CPU and memory. */
function qualityOfService({ spec }: Pod): string {
  const containers = spec?.containers ?? [];
  const amounts = containers.flatMap(({ resources }) =>
    ["cpu", "memory"].map((name) => [resources?.requests?.[name], resources?.limits?.[name]] as const),
  );
  if (amounts.every(([request, limit]) => request === undefined && limit === undefined)) return "BestEffort";
  return amounts.every(([request, limit]) => limit !== undefined && request === limit) ? "Guaranteed" : "Burstable";
}
