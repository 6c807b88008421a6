/**
 * One copy of a string that many objects bear (a namespace, a queue's name, a reason). JSON decoding makes a new
 * string each time; ten thousand tasks of one namespace should share one.
 */

/** More distinct values than this are not shared: the table must not become the leak that it prevents. */
const capacity = 4096;
const known = new Map<string, string>();

/** @returns an equal string, the same one for equal arguments as long as the table has room */
export function intern(value: string): string {
  const shared = known.get(value);
  if (shared !== undefined) return shared;
  if (known.size < capacity) known.set(value, value);
  return value;
}
