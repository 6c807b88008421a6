/** Jobs: the defaults that Kubernetes sets, and the labels by which a Job knows its pods. */
import type { Job, JobSpec, PodTemplate } from "../../../kube/objects.ts";
import { validateJob, validateJobUpdate } from "./job-rules.ts";
import type { Behaviour } from "./kind.ts";
import { defaultPodSpec } from "./pod-spec.ts";

/** As if without limit: failures are then counted per index. */
const unlimited = 2 ** 31 - 1;

export const jobBehaviour: Behaviour = {
  generation: true,
  orphansByDefault: true,
  prepare(job: Job, old) {
    if (job.spec?.template === undefined) return;
    const { labels = {} } = job.spec.template.metadata ?? {};
    if (Object.keys(job.metadata?.labels ?? {}).length === 0 && Object.keys(labels).length > 0) {
      job.metadata = { ...job.metadata, labels };
    }
    job.spec = defaultJobSpec(job.spec);
    if (old === undefined && job.spec.manualSelector !== true) selectOwnPods(job, job.spec);
    if (old === undefined) job.status = {};
  },
  validate: (job: Job, old: Job | undefined) => [
    ...validateJob(job),
    ...(old === undefined ? [] : validateJobUpdate(job, old)),
  ],
  selectable: { "status.successful": (job: Job) => String(job.status?.succeeded ?? 0) },
};

function defaultJobSpec(spec: JobSpec): JobSpec {
  const { parallelism, completions, podFailurePolicy, backoffLimitPerIndex, template } = spec;
  return {
    backoffLimit: backoffLimitPerIndex === undefined ? 6 : unlimited,
    completionMode: "NonIndexed",
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed",
    ...spec,
    parallelism: parallelism ?? 1,
    ...(parallelism === undefined && completions === undefined ? { completions: 1 } : {}),
    ...(podFailurePolicy === undefined ? {} : { podFailurePolicy: defaultPolicy(podFailurePolicy) }),
    template: template.spec === undefined ? template : { ...template, spec: defaultPodSpec(template.spec) },
  };
}

type Policy = NonNullable<JobSpec["podFailurePolicy"]>;

const defaultPolicy = (policy: Policy): Policy => ({
  ...policy,
  rules: (policy.rules ?? []).map((rule) =>
    rule.onPodConditions === undefined
      ? rule
      : {
          ...rule,
          onPodConditions: rule.onPodConditions.map((pattern) => ({ ...pattern, status: pattern.status ?? "True" })),
        },
  ),
});

/** A Job selects pods by its own uid, which its template's pods bear as a label. */
function selectOwnPods(job: Job, spec: JobSpec): void {
  const { uid = "", name = "" } = job.metadata ?? {};
  spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  const template: PodTemplate = spec.template;
  spec.template = {
    ...template,
    metadata: {
      ...template.metadata,
      labels: {
        ...template.metadata?.labels,
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": name,
        "controller-uid": uid,
        "job-name": name,
      },
    },
  };
}
