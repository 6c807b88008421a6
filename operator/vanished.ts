/**
 * A Job that is gone, or going, although nobody asked us: somebody deleted it, or the namespace's garbage was
 * collected too eagerly. What is stored is not lost: a model that is whole is the end, else the next attempt goes on
 * from the parts. Each time counts as a retry, else two programs could delete and create for ever.
 */
import { adviceFor } from "./advice.ts";
import { isTrue } from "./conditions.ts";
import { fail } from "./finish.ts";
import type { Observed } from "./observed.ts";
import { retry } from "./retries.ts";
import type { Step } from "./step.ts";
import type { JobView } from "./views.ts";

/** @param job the Job whose deletion has come to its end, if it is still there */
export function afterVanishing(observed: Observed, job: JobView | undefined, now: number): Step | undefined {
  const { status, spec } = observed.task;
  if (job === undefined && !isTrue(status, "Admitted")) return undefined;
  const attempt = job?.attempt ?? status.attempt ?? 0;
  const retries = (status.retries ?? 0) + 1;
  const name = job?.metadata.name ?? status.jobName ?? "";
  if (retries > spec.backoffLimit) {
    const message = `Job ${name} was deleted by somebody else, and so were ${retries - 1} retries before it.`;
    return fail(observed, now, { class: "JobVanished", attempt, message, ...adviceFor("JobVanished"), retries });
  }
  const message = `Job ${name} was deleted by somebody else: starting another one`;
  return retry(observed, now, { ...(job && { job }), retries, message });
}
