/** The places of the first ten of a queue, with the time at which each will probably start. Pure. */
import { isTerminal } from "./conditions.ts";
import type { Line } from "./admission.ts";
import { estimateStarts } from "./estimates.ts";
import type { Place } from "./observed.ts";
import { storedPlaces } from "./places.ts";
import type { Slot } from "./slots.ts";
import { instant } from "../kube/timestamp.ts";
import type { TaskView } from "./views.ts";

export interface QueueOutlook {
  readonly line: Line;
  readonly held: readonly Slot[];
  /** All tasks of the queue. */
  readonly tasks: readonly TaskView[];
}

/** By uid of the task, in order. `now` in milliseconds since 1970. */
export function computePlaces(outlook: QueueOutlook, now: number): Map<string, Place> {
  const first = outlook.line.waiting.slice(0, storedPlaces);
  if (first.length === 0) return new Map();
  const byUid = new Map(outlook.tasks.map((task) => [task.metadata.uid, task]));
  const usualMs = usualDuration(outlook.tasks);
  const running = [
    ...outlook.held.map(({ taskUid }) => expectedEnd(byUid.get(taskUid), now)),
    ...outlook.line.next.map(() => (usualMs === undefined ? undefined : now + usualMs)),
  ];
  const starts = estimateStarts({ freeAt: running, usualMs, count: first.length });
  return new Map(
    first.map(({ metadata }, index): [string, Place] => {
      const start = starts[index];
      return [metadata.uid, { position: index + 1, ...(start === undefined ? {} : { estimatedStart: start }) }];
    }),
  );
}

/** When a running task will be done by its trainer's own estimate; never in the past. */
function expectedEnd(task: TaskView | undefined, now: number): number | undefined {
  const { estimatedRemainingSeconds, lastUpdatedTime } = task?.status.trainerStatus ?? {};
  const said = instant(lastUpdatedTime);
  if (estimatedRemainingSeconds === undefined || said === undefined) return undefined;
  return Math.max(now, said + estimatedRemainingSeconds * 1000);
}

/** Mean run time of the queue's tasks that completed, in milliseconds. */
function usualDuration(tasks: readonly TaskView[]): number | undefined {
  const durations = tasks.flatMap(({ status }) => {
    const [start, end] = [instant(status.startTime), instant(status.completionTime)];
    return isTerminal(status) && start !== undefined && end !== undefined ? [end - start] : [];
  });
  return durations.length === 0 ? undefined : durations.reduce((sum, one) => sum + one, 0) / durations.length;
}
