/** The loop that brings trainers' words into the status, with an API server and a store that only take notes. */
import { liveProgress } from "../../api/live-progress.ts";
import type { KubeClient, PatchChange } from "../../kube/client.ts";
import { silentLog } from "../../kube/log.ts";
import { virtualClock } from "../../kube/virtual-clock.ts";
import type { Progress } from "../../traintask/progress.ts";
import type { TrainTask } from "../../traintask/task.ts";

export const said = (percent: number, at = percent): Progress => ({
  trainerStatus: {
    progressPercentage: percent,
    estimatedRemainingSeconds: 100 - percent,
    lastUpdatedTime: new Date(Date.UTC(2030, 0, 1) + at * 1000).toISOString(),
  },
});

interface Patch {
  readonly metadata: object;
  readonly status: { readonly trainerStatus: { readonly progressPercentage: number } };
}

/** The loop on a stepped clock, with a client that only notes what it is asked to patch. */
export function progressLoop(tasks: TrainTask[]) {
  const clock = virtualClock();
  const stop = new AbortController();
  const patches: { name: string; at: number; body: Patch }[] = [];
  const stored = new Map<string, string>();
  const failures: Error[] = [];
  const patchStatus = (_: unknown, { name }: { name: string }, { body }: PatchChange): Promise<never> => {
    const failure = failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    patches.push({ name, at: clock.monotonic(), body: body as Patch });
    return Promise.resolve({} as never);
  };
  const loop = liveProgress({
    client: { patchStatus } as unknown as KubeClient,
    clock,
    log: silentLog,
    signal: stop.signal,
    cache: { taskByUid: (uid) => tasks.find((task) => task.metadata.uid === uid) },
    artifacts: {
      putProgress: (uid, text, shard = 0) =>
        Promise.resolve(void stored.set(shard === 0 ? uid : `${uid} ${shard}`, text)),
      progressOf: (uid, shard = 0) => Promise.resolve(stored.get(shard === 0 ? uid : `${uid} ${shard}`)),
    },
  });
  return {
    clock,
    loop,
    patches,
    stored,
    failures,
    percents: () => patches.map(({ body }) => body.status.trainerStatus.progressPercentage),
  };
}
