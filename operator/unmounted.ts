/**
 * A pod whose volumes cannot be mounted (no such secret, ConfigMap or disk) waits without a word: why stands in its
 * Events alone. They are read when a pod of a task that names such volumes is still being created 5 s after its Job was
 * seen, and now and then from then on.
 */
import { podsOf } from "./observed.ts";
import type { Observed } from "./observed.ts";
import type { JobView, PodView, TaskView } from "./views.ts";

const firstAfterMs = 5000;
const againAfterMs = 30_000;

/** The pod whose Events may say why it does not start. */
export function unmountedPod(observed: Observed, job: JobView, now: number): PodView | undefined {
  return now < observed.phaseSince + firstAfterMs ? undefined : creating(observed, job);
}

/** When to look (again) at the Events of a pod that is being created. */
export function unmountedAt(observed: Observed, job: JobView, now: number): number | undefined {
  if (creating(observed, job) === undefined) return undefined;
  const first = observed.phaseSince + firstAfterMs;
  return now < first ? first : now + againAfterMs;
}

function creating(observed: Observed, job: JobView): PodView | undefined {
  if (!mountsByName(observed.task)) return undefined;
  return podsOf(job, observed.pods).find(
    ({ metadata, container }) =>
      metadata.deletionTimestamp === undefined && container?.waiting?.reason === "ContainerCreating",
  );
}

/** Something that somebody else makes, under a name that the task gives. */
function mountsByName({ spec }: TaskView): boolean {
  const own = spec.trainer.container?.volumes?.some(({ emptyDir }) => emptyDir === undefined) ?? false;
  return own || spec.dataset?.volume !== undefined;
}

/** Of a pod's Events, the newest that says why a volume was not mounted; volumes are told by their mount paths. */
export function mountFailure(
  events: readonly { reason?: string; message?: string; lastTimestamp?: string }[],
  { spec }: TaskView,
): string | undefined {
  const failures = events
    .filter(({ reason }) => reason === "FailedMount" || reason === "FailedAttachVolume")
    .toSorted((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""));
  return failures.at(-1)?.message?.replace(/"volume-(\d+)"/g, (name, index: string) => {
    return spec.trainer.container?.volumes?.[Number(index)]?.mountPath ?? name;
  });
}
