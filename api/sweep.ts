/**
 * Removes what nobody needs any more: artifacts of tasks that have been absent from consistent lists for an hour, and
 * datasets that were not used for 30 days and that no unfinished task names, and uploads that were broken off.
 *
 * An installation that watches some namespaces cannot see whether the task of another one is gone: a namespace taken
 * out of its list must not cost that namespace its models. There each task's namespace is noted beside its artifacts
 * while the task is in sight, and what is absent is removed only where its namespace is known and watched.
 */
import { trainTasks } from "../traintask/names.ts";
import { isWatched } from "../traintask/watched.ts";
import type { Api } from "./api.ts";
import { tasksThatName } from "./datasets/named.ts";
import { listAll } from "./list-all.ts";

const everyMs = 10 * 60_000;
const absentForMs = 3_600_000;
const unusedForMs = 30 * 24 * 3_600_000;
const unfinishedForMs = 24 * 3_600_000;

type Needs = Pick<Api, "artifacts" | "client" | "clock" | "datasets" | "log" | "signal"> & {
  readonly settings: Pick<Api["settings"], "watchNamespaces">;
};

/** @param absentSince monotonic milliseconds at which each uid was first found absent; kept from sweep to sweep */
export async function sweepArtifacts(api: Needs, absentSince: Map<string, number>): Promise<void> {
  const kept = await api.artifacts.tasks();
  // Listed after looking at the store: a task that was made in between is in the list.
  const namespaces = await namespacesByUid(api);
  const now = api.clock.monotonic();
  for (const uid of absentSince.keys()) if (namespaces.has(uid)) absentSince.delete(uid);
  for (const uid of kept) {
    const namespace = namespaces.get(uid);
    if (namespace !== undefined) await noteNamespace(api, uid, namespace);
    else if (await wouldBeSeen(api, uid)) await removeInTime(api, absentSince, { uid, now });
  }
}

async function namespacesByUid({ client, settings, signal }: Needs): Promise<Map<string, string>> {
  const { watchNamespaces } = settings;
  const places = watchNamespaces.length === 0 ? [{}] : watchNamespaces.map((namespace) => ({ namespace }));
  const found = new Map<string, string>();
  for (const place of places) {
    for await (const { metadata } of listAll(client, trainTasks, { ...place, signal })) {
      found.set(metadata?.uid ?? "", metadata?.namespace ?? "");
    }
  }
  return found;
}

async function noteNamespace({ artifacts, settings }: Needs, uid: string, namespace: string): Promise<void> {
  if (settings.watchNamespaces.length > 0) await artifacts.putNamespace(uid, namespace);
}

/** Whether the task, if it were there, would be in the lists. */
async function wouldBeSeen({ artifacts, settings }: Needs, uid: string): Promise<boolean> {
  if (settings.watchNamespaces.length === 0) return true;
  const namespace = await artifacts.namespaceOf(uid);
  return namespace !== undefined && isWatched(settings.watchNamespaces, namespace);
}

async function removeInTime(
  { artifacts, log }: Needs,
  absentSince: Map<string, number>,
  { uid, now }: { readonly uid: string; readonly now: number },
): Promise<void> {
  const since = absentSince.get(uid) ?? now;
  absentSince.set(uid, since);
  if (now - since < absentForMs) return;
  await artifacts.remove(uid);
  absentSince.delete(uid);
  log.info({ uid }, "artifacts of a deleted task removed");
}

export async function sweepDatasets(api: Needs): Promise<void> {
  await api.datasets.removeUnfinished(api.clock.now() - unfinishedForMs);
  for (const { namespace, digest } of await api.datasets.unused(api.clock.now() - unusedForMs)) {
    if (!isWatched(api.settings.watchNamespaces, namespace)) continue;
    if ((await tasksThatName(api.client, namespace, digest)).length > 0) continue;
    await api.datasets.remove(namespace, digest);
    api.log.info({ namespace, digest }, "unused dataset removed");
  }
}

/** Sweeps again and again until the signal aborts. */
export async function startSweeping(api: Needs & Pick<Api, "cache">): Promise<void> {
  const absentSince = new Map<string, number>();
  // A task may come and go between two sweeps: the cache has seen it.
  api.cache.onTask(({ type, object: { metadata } }) => {
    if (type !== "deleted") return;
    noteNamespace(api, metadata.uid, metadata.namespace).catch((error: unknown) =>
      api.log.error({ err: error, uid: metadata.uid }, "the namespace of a deleted task was not noted"),
    );
  });
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
