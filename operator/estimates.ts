/**
 * When the next tasks of a queue will probably start: slots are given away one after another, each to the task that is
 * next in line, as soon as the task that holds it is done. Where one of the times is not known, nothing is said.
 */

export interface Outlook {
  /** For each slot, when it is expected to be free (milliseconds since 1970); undefined when nobody knows. */
  readonly freeAt: readonly (number | undefined)[];
  /** How long a task of this queue usually takes, in milliseconds. */
  readonly usualMs: number | undefined;
  /** Tasks in line for which an answer is wanted. */
  readonly count: number;
}

/** @returns for each of the first `count` tasks its probable start; shorter where it is not known */
export function estimateStarts({ freeAt, usualMs, count }: Outlook): number[] {
  const free = freeAt.filter((time) => time !== undefined).toSorted((a, b) => a - b);
  // A slot of which nothing is known may be free at any time before the others: that would make each answer too late.
  if (free.length < freeAt.length) return [];
  const starts: number[] = [];
  while (starts.length < count) {
    const start = free.shift();
    if (start === undefined) break;
    starts.push(start);
    if (usualMs !== undefined) insert(free, start + usualMs);
  }
  return starts;
}

function insert(sorted: number[], time: number): void {
  const at = sorted.findIndex((other) => other > time);
  if (at === -1) sorted.push(time);
  else sorted.splice(at, 0, time);
}
