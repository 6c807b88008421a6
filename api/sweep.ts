/**
 * Removes what nobody needs any more: artifacts of tasks that have been absent from consistent lists for an hour, and
 * datasets that were not used for 30 days and that no unfinished task names.
 */
import { trainTasks } from "../traintask/names.ts";
import type { Api } from "./api.ts";
import { tasksThatName } from "./datasets/named.ts";
import { listAll } from "./list-all.ts";

const everyMs = 10 * 60_000;
const absentForMs = 3_600_000;
const unusedForMs = 30 * 24 * 3_600_000;

type Needs = Pick<Api, "artifacts" | "client" | "clock" | "datasets" | "log" | "signal">;

/** @param absentSince monotonic milliseconds at which each uid was first found absent; kept from sweep to sweep */
export async function sweepArtifacts(api: Needs, absentSince: Map<string, number>): Promise<void> {
  const kept = await api.artifacts.tasks();
  // Listed after looking at the store: a task that was made in between is in the list.
  const uids = await taskUids(api);
  const now = api.clock.monotonic();
  for (const uid of absentSince.keys()) if (uids.has(uid)) absentSince.delete(uid);
  for (const uid of kept) {
    if (uids.has(uid)) continue;
    const since = absentSince.get(uid) ?? now;
    absentSince.set(uid, since);
    if (now - since < absentForMs) continue;
    await api.artifacts.remove(uid);
    absentSince.delete(uid);
    api.log.info({ uid }, "artifacts of a deleted task removed");
  }
}

async function taskUids({ client, signal }: Needs): Promise<Set<string>> {
  const uids = new Set<string>();
  for await (const { metadata } of listAll(client, trainTasks, { signal })) uids.add(metadata?.uid ?? "");
  return uids;
}

export async function sweepDatasets(api: Needs): Promise<void> {
  for (const { namespace, digest } of await api.datasets.unused(api.clock.now() - unusedForMs)) {
    if ((await tasksThatName(api.client, namespace, digest)).length > 0) continue;
    await api.datasets.remove(namespace, digest);
    api.log.info({ namespace, digest }, "unused dataset removed");
  }
}

/** Sweeps again and again until the signal aborts. */
export async function startSweeping(api: Needs): Promise<void> {
  const absentSince = new Map<string, number>();
  while (!api.signal.aborted) {
    await api.clock.sleep(everyMs, api.signal);
    if (api.signal.aborted) return;
    try {
      await sweepArtifacts(api, absentSince);
      await sweepDatasets(api);
    } catch (error) {
      api.log.error({ err: error }, "sweeping failed");
    }
  }
}
