/** What a Job must be, and what of it can never change. */
import { isDeepStrictEqual } from "node:util";
import type { Job, JobSpec } from "../../../kube/objects.ts";
import { validateAnnotations, validateLabels } from "../admission/names.ts";
import { invalidValue, notSupported, required, type Cause } from "../status.ts";
import { podFailurePolicyCauses } from "./pod-failure-policy.ts";
import { notHere, notNegative, oneOf, validatePodSpec } from "./pod-spec-rules.ts";

const counts = [
  "parallelism",
  "completions",
  "backoffLimit",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
  "activeDeadlineSeconds",
  "ttlSecondsAfterFinished",
] as const;

export function validateJob({ spec }: Job): Cause[] {
  if (spec?.template?.spec === undefined) return [required("spec.template.spec.containers")];
  const { template } = spec;
  return [
    ...counts.flatMap((name) => notNegative(spec[name], `spec.${name}`)),
    ...oneOf(spec.completionMode, ["NonIndexed", "Indexed"], "spec.completionMode"),
    ...indexedCauses(spec),
    ...selectorCauses(spec),
    ...validateLabels(template.metadata?.labels, "spec.template.labels"),
    ...validateAnnotations(template.metadata?.annotations, "spec.template.annotations"),
    ...validatePodSpec(template.spec, "spec.template.spec"),
    ...restartCauses(spec),
    ...podFailurePolicyCauses(spec),
    ...notHere(spec.successPolicy, "spec.successPolicy", "a Job succeeds here when all its completions have"),
  ];
}

function indexedCauses(spec: JobSpec): Cause[] {
  const { completionMode, completions, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completionMode === "Indexed") {
    return [
      ...(completions === undefined ? [required("spec.completions", "when completion mode is Indexed")] : []),
      ...(maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined
        ? [required("spec.backoffLimitPerIndex", "when maxFailedIndexes is specified")]
        : []),
      ...(maxFailedIndexes !== undefined && maxFailedIndexes > (completions ?? 0)
        ? [invalidValue("spec.maxFailedIndexes", maxFailedIndexes, "must be less than or equal to completions")]
        : []),
    ];
  }
  return (["backoffLimitPerIndex", "maxFailedIndexes"] as const)
    .filter((name) => spec[name] !== undefined)
    .map((name) => invalidValue(`spec.${name}`, spec[name], "requires indexed completion mode"));
}

function selectorCauses({ selector, template }: JobSpec): Cause[] {
  const wanted = Object.entries(selector?.matchLabels ?? {});
  const labels = template.metadata?.labels ?? {};
  if (selector === undefined) return [required("spec.selector")];
  if (wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)) return [];
  return [invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")];
}

function restartCauses({ template, podFailurePolicy }: JobSpec): Cause[] {
  const field = "spec.template.spec.restartPolicy";
  const policy = template.spec?.restartPolicy ?? "";
  if (policy !== "Never" && policy !== "OnFailure") return [notSupported(field, policy, ["OnFailure", "Never"])];
  if (podFailurePolicy === undefined || policy === "Never") return [];
  return [invalidValue(field, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}

const fixed = ["selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy"] as const;

/** Kubernetes lets a suspended Job that has not started change where its pods run, and an elastic Job its size. */
export function validateJobUpdate({ spec }: Job, { spec: old, status }: Job): Cause[] {
  if (spec === undefined || old === undefined) return [];
  const immutable = (field: string, value: unknown): Cause =>
    invalidValue(`spec.${field}`, value, "field is immutable");
  const schedulable = old.suspend === true && status?.startTime === undefined;
  const elastic = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  return [
    ...(spec.completions === old.completions || elastic ? [] : [immutable("completions", spec.completions)]),
    ...fixed.filter((name) => !isDeepStrictEqual(spec[name], old[name])).map((name) => immutable(name, spec[name])),
    ...(isDeepStrictEqual(fixedTemplate(spec, schedulable), fixedTemplate(old, schedulable))
      ? []
      : [immutable("template", spec.template)]),
  ];
}

/** The part of a template that may not change. */
function fixedTemplate({ template }: JobSpec, schedulable: boolean): unknown {
  if (!schedulable) return template;
  const {
    nodeSelector: _,
    tolerations: __,
    affinity: ___,
    schedulingGates: ____,
    ...spec
  } = template.spec ?? {
    containers: [],
  };
  return spec;
}
