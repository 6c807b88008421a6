/**
 * The pod that a Job creates: its template, with the labels that select it, its owner, the tracking finalizer and,
 * for Indexed Jobs, the index in every place where programs look for it.
 */
import type { Container, Job, Pod } from "../../kube/objects.ts";
import { failureCountKey, ignoredFailureCountKey, indexKey, trackingFinalizer } from "./pod-facts.ts";
import type { PodPlan } from "./pods-wanted.ts";

/** What the registry appends to `generateName`. */
const suffixLength = 5;
const longestName = 63;

export function podFor(job: Job, plan: PodPlan): Pod {
  const { name = "", namespace = "", uid = "" } = job.metadata ?? {};
  const { metadata, spec } = job.spec?.template ?? {};
  const index = plan.index === undefined ? undefined : `${plan.index}`;
  const suffix = index === undefined ? "-" : `-${index}-`;
  const generated =
    job.spec?.manualSelector === true
      ? {}
      : {
          "batch.kubernetes.io/controller-uid": uid,
          "batch.kubernetes.io/job-name": name,
          "controller-uid": uid,
          "job-name": name,
        };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace,
      generateName: name.slice(0, longestName - suffixLength - suffix.length) + suffix,
      labels: { ...metadata?.labels, ...generated, ...(index === undefined ? {} : { [indexKey]: index }) },
      annotations: { ...metadata?.annotations, ...indexAnnotations(plan) },
      finalizers: [...(metadata?.finalizers ?? []), trackingFinalizer],
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      ...spec,
      containers: (spec?.containers ?? []).map((container) => (index === undefined ? container : withIndex(container))),
      ...(index === undefined ? {} : { hostname: `${name}-${index}`.slice(0, longestName) }),
    },
  };
}

function indexAnnotations({ index, failures, ignored = 0 }: PodPlan): Record<string, string> {
  return {
    ...(index === undefined ? {} : { [indexKey]: `${index}` }),
    ...(failures === undefined ? {} : { [failureCountKey]: `${failures}` }),
    ...(ignored === 0 ? {} : { [ignoredFailureCountKey]: `${ignored}` }),
  };
}

function withIndex(container: Container): Container {
  const name = "JOB_COMPLETION_INDEX";
  if (container.env?.some((variable) => variable.name === name)) return container;
  const fieldPath = `metadata.labels['${indexKey}']`;
  return { ...container, env: [...(container.env ?? []), { name, valueFrom: { fieldRef: { fieldPath } } }] };
}
