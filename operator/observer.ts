/**
 * What an operator tells of itself while it works, for metrics: what it did, and at any moment how much there is to do.
 * It tells, and asks nothing: an observer changes nothing of what an operator does, and must not throw.
 */
import type { ControllerObserver } from "../kube/controller.ts";
import type { Refusal } from "./observed.ts";

/** One queue, as the admission left it. */
export interface QueueCounts {
  /** Tasks that wait for a slot. */
  readonly waiting: number;
  /** Slots that are held. */
  readonly held: number;
  /** Slots that there are. */
  readonly slots: number;
}

/** A term as leader, to be looked at. */
export interface TermView {
  /** Keys that wait for a worker, due or not, by the name of the loop. */
  waiting(): Readonly<Record<string, number>>;
  /** Objects in each cache. */
  cached(): Readonly<Record<string, number>>;
  /** Milliseconds since the cache that has been silent for longest heard of its server; undefined before that. */
  silentMs(): number | undefined;
}

export interface OperatorObserver {
  /** For the loop of this name. */
  controller(name: string): ControllerObserver;
  /** A Job was created, and with it a task was given a slot. */
  admitted(queue: string): void;
  /** The API server did not want the Job. */
  refused(queue: string, kind: Refusal["kind"]): void;
  /** @param counts absent: the queue is gone, or another operator's */
  queue(name: string, counts?: QueueCounts): void;
  /** A term began; absent: it is over. */
  term(view?: TermView): void;
}

export const silentObserver: OperatorObserver = {
  controller: () => ({ taken: () => undefined, reconciled: () => undefined }),
  admitted: () => undefined,
  refused: () => undefined,
  queue: () => undefined,
  term: () => undefined,
};
