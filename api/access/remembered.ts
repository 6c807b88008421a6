/**
 * Answers of the API server, remembered for a moment. The age of an answer counts from when its question was asked;
 * who asks while the same question is under way gets its answer; an error is nobody's answer and is not remembered.
 * When there is no more room, the oldest goes.
 */
import type { Clock } from "../../kube/clock.ts";

export interface RememberedOptions<V> {
  readonly clock: Pick<Clock, "monotonic">;
  readonly maxEntries: number;
  /** How long an answer may be used, in milliseconds. */
  readonly keepMs: (answer: V) => number;
}

export type Ask<V> = (key: string, question: () => Promise<V>) => Promise<V>;

interface Entry<V> {
  readonly answer: Promise<V>;
  /** On the monotonic clock; Infinity while the question is under way. */
  until: number;
}

export function remembered<V>({ clock, maxEntries, keepMs }: RememberedOptions<V>): Ask<V> {
  const entries = new Map<string, Entry<V>>();
  const forget = (key: string, entry: Entry<V>): void => {
    if (entries.get(key) === entry) entries.delete(key);
  };
  return (key, question) => {
    const now = clock.monotonic();
    const known = entries.get(key);
    if (known !== undefined && known.until > now) return known.answer;
    entries.delete(key);
    const [oldest] = entries.keys();
    if (oldest !== undefined && entries.size >= maxEntries) entries.delete(oldest);
    const entry: Entry<V> = { answer: question(), until: Infinity };
    entries.set(key, entry);
    entry.answer.then(
      (answer) => (entry.until = now + keepMs(answer)),
      () => forget(key, entry),
    );
    return entry.answer;
  };
}
