/**
 * Where the caches stand: the versions at which a list of the API server shows what they hold. A cache of several
 * namespaces is made of as many watches, each at a version of its own; then each namespace's versions are named, and
 * the oldest of them stands for the whole: the caches hold every write up to that one.
 */
import type { Reflector } from "../kube/reflector.ts";

export interface Versions {
  readonly tasks: string;
  readonly jobs: string;
}

export interface ResourceVersions extends Versions {
  /** Of each watched namespace, where more than one is watched and not one is asked about. */
  readonly namespaces?: Readonly<Record<string, Versions>>;
}

export interface Watches {
  readonly tasks: Pick<Reflector<unknown>, "resourceVersionIn">;
  readonly jobs: Pick<Reflector<unknown>, "resourceVersionIn">;
}

/**
 * @param watched the namespaces that have watches of their own; empty: one watch sees them all
 * @param namespace the one that is asked about; absent: all that are watched
 */
export function resourceVersionsOf(
  { tasks, jobs }: Watches,
  watched: readonly string[],
  namespace?: string,
): ResourceVersions {
  const versionsIn = (one: string): Versions => ({
    tasks: tasks.resourceVersionIn(one),
    jobs: jobs.resourceVersionIn(one),
  });
  if (namespace !== undefined) return versionsIn(namespace);
  if (watched.length <= 1) return versionsIn(watched[0] ?? "");
  const namespaces = Object.fromEntries(watched.map((one) => [one, versionsIn(one)]));
  const all = Object.values(namespaces);
  return { tasks: oldest(all.map((one) => one.tasks)), jobs: oldest(all.map((one) => one.jobs)), namespaces };
}

/**
 * Versions are integers of one counter, which Kubernetes documents as comparable. Where one of them is none, as before
 * the first list, nothing can be said of the whole: "".
 */
function oldest(versions: readonly string[]): string {
  if (!versions.every((version) => /^[0-9]+$/.test(version))) return "";
  return versions.reduce((least, version) => (BigInt(version) < BigInt(least) ? version : least));
}
