/**
 * A Job or a pod of a task that cannot be read, because somebody has changed what says which attempt it is. It may run
 * all the same. So it holds its slot, and nothing is decided about its task, least of all another attempt, until it is
 * mended or gone; the task says so.
 */
import { reasons } from "../traintask/reasons.ts";
import { condition } from "./conditions.ts";
import type { Observed } from "./observed.ts";
import { changed, lookAgain } from "./step.ts";
import type { Policy } from "./step.ts";

/** What is known of it nevertheless. */
export interface UnreadableChild {
  readonly kind: "Job" | "Pod";
  readonly namespace: string;
  readonly name: string;
  /** Of the task whose it is; "" when it is nobody's. */
  readonly taskUid: string;
  readonly jobName: string;
  readonly queue: string;
  /** Nothing of it runs any more. */
  readonly isOver: boolean;
}

/** Thrown by a projection, and found again among what the cache has rejected. */
export class UnreadableChildError extends Error {
  override readonly name = "UnreadableChildError";
  readonly child: UnreadableChild;
  constructor(child: UnreadableChild, why: string) {
    super(`${child.kind} ${child.name} cannot be read: ${why}`);
    this.child = child;
  }
}

/** Caches hear nothing of an object that they have rejected: when to look whether it is gone, in milliseconds. */
const againAfterMs = 5000;

export const standStill: Policy = (observed, now) => {
  if (observed.unreadable === undefined) return undefined;
  const { reason, message } = { reason: reasons.unreadable, message: told(observed.unreadable) };
  const { status } = observed.task;
  const before = condition(status, "Running");
  const running = before?.status === "True" ? "True" : "False";
  const next = changed(observed, now, { conditions: [{ type: "Running", status: running, reason, message }] });
  return {
    // The state is derived from the Job, and the Job is what cannot be read.
    status: { ...next, state: status.state },
    events: before?.reason === reason ? [] : [{ type: "Warning", reason, message }],
    ...lookAgain(now + againAfterMs),
  };
};

function told(why: NonNullable<Observed["unreadable"]>): string {
  return `${why}. It may be running, so nothing is done about this task: correct it, or delete it`;
}
