/**
 * Who goes next: priority, then round robin over namespaces, then age. Used by the operator to admit and by the API
 * to tell positions.
 *
 * Round robin needs no turns to be taken: the i-th task of a namespace (by age, within a priority) belongs to round
 * `slots the namespace holds + tasks of it that stand further ahead + i`, and sorting by round is what choosing the
 * namespace with the fewest slots again and again would give.
 */

export interface QueueEntry {
  readonly namespace: string;
  readonly uid: string;
  readonly priority: number;
  /** RFC 3339 in UTC, as Kubernetes writes it, so that text order is time order. */
  readonly creationTimestamp: string;
}

/**
 * The waiting tasks of one queue in the order of their admission; a new array.
 * @param held slots that each namespace holds in this queue now
 */
export function queueOrder<Entry extends QueueEntry>(
  waiting: readonly Entry[],
  held: ReadonlyMap<string, number>,
): Entry[] {
  const rounds = new Map(held);
  return waiting
    .toSorted((a, b) => b.priority - a.priority || byAge(a, b))
    .map((entry) => {
      const round = rounds.get(entry.namespace) ?? 0;
      rounds.set(entry.namespace, round + 1);
      return { entry, round };
    })
    .toSorted((a, b) => b.entry.priority - a.entry.priority || a.round - b.round || byAge(a.entry, b.entry))
    .map(({ entry }) => entry);
}

/** Total: no two tasks have the same uid. */
function byAge(a: QueueEntry, b: QueueEntry): number {
  return compare(a.creationTimestamp, b.creationTimestamp) || compare(a.uid, b.uid);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
