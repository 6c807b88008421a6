/** What the API server's history says of limits: counted at each change, so that nothing between two looks is missed. */
import type { Job } from "../../kube/objects.ts";
import type { RegistryEvent } from "../../local/registry.ts";
import { labels } from "../../traintask/names.ts";

/** The most live Jobs that there ever were at one moment. */
export function mostLiveJobs(history: readonly RegistryEvent[]): number {
  let most = 0;
  replay(history, (live) => {
    most = Math.max(most, live.size);
  });
  return most;
}

/** By task uid, the most live Jobs that the task ever had at one moment. */
export function liveJobsPerTask(history: readonly RegistryEvent[]): Map<string, number> {
  const most = new Map<string, number>();
  replay(history, (live) => {
    const now = new Map<string, number>();
    for (const job of live.values()) {
      const uid = job.metadata?.labels?.[labels.taskUid] ?? "";
      now.set(uid, (now.get(uid) ?? 0) + 1);
    }
    for (const [uid, count] of now) most.set(uid, Math.max(count, most.get(uid) ?? 0));
  });
  return most;
}

function replay(history: readonly RegistryEvent[], look: (live: ReadonlyMap<string, Job>) => void): void {
  const live = new Map<string, Job>();
  for (const { type, resource, object } of history) {
    if (resource.kind !== "Job") continue;
    const job = object as Job;
    const uid = job.metadata?.uid ?? "";
    const ended = job.status?.conditions?.some(
      (one) => ["Complete", "Failed"].includes(one.type) && one.status === "True",
    );
    if (type === "DELETED" || ended) live.delete(uid);
    else live.set(uid, job);
    look(live);
  }
}
