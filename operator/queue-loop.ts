/**
 * The admission loop: brings one queue forward. It recounts the slots, gives the free ones to the tasks whose turn it
 * is, and tells the places of the first ten that wait. It decides nothing while its caches may be wrong: cut off from
 * the server, or not yet past its own creates.
 */
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import type { Outcome } from "../kube/controller.ts";
import { formatKey } from "../kube/keys.ts";
import { attemptAfter, lineUp, wantsSlot } from "./admission.ts";
import type { Line } from "./admission.ts";
import { areFresh, indexes } from "./caches.ts";
import { childrenOf, unreadableIn } from "./children.ts";
import { createJob, findOut } from "./create-job.ts";
import type { Admitting } from "./create-job.ts";
import { serviceOf } from "./observe.ts";
import type { Knowledge } from "./observe.ts";
import type { OperatorObserver } from "./observer.ts";
import type { OwnWrites } from "./own-writes.ts";
import { Pace } from "./pace.ts";
import { computePlaces } from "./positions.ts";
import { QueueStatusWriter } from "./queue-status.ts";
import { heldSlots } from "./slots.ts";
import type { Slot } from "./slots.ts";
import type { QueueView, TaskView } from "./views.ts";

export interface QueueLoopOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly admitting: Admitting;
  readonly knowledge: Knowledge;
  readonly ownWrites: OwnWrites;
  readonly observe: Pick<OperatorObserver, "queue" | "refused">;
  /** Slots of a queue that does not say how many. */
  readonly maxRunningDefault: number;
  /** Asks for a plan of this task. */
  readonly enqueueTask: (key: string) => void;
}

/** When to look again at a queue that cannot be decided about yet, in milliseconds. */
const retryMs = 1000;
/** Jobs that are being created at a time: one by one, many free slots would wait for as many answers. */
const createsAtOnce = 8;

export function queueReconciler(options: QueueLoopOptions): (queue: string) => Promise<Outcome> {
  const status = new QueueStatusWriter(options.client, options.clock);
  const pace = new Pace();
  return async (name) => {
    const { knowledge, admitting, clock, observe } = options;
    const queue = knowledge.caches.queues.store.get(name);
    if (queue === undefined || serviceOf(knowledge, name) !== "served") {
      knowledge.places.forget(name);
      pace.forget(name);
      observe.queue(name);
      return {};
    }
    const restMs = pace.dueIn(name, clock.monotonic());
    if (restMs > 0) return { lookAgainAfterMs: restMs };
    if (!areFresh(knowledge.caches, clock.monotonic())) return { lookAgainAfterMs: retryMs };
    await settleUnknowns(options, name);
    if (!admitting.gate.isOpen(name)) return { lookAgainAfterMs: retryMs };
    const began = clock.monotonic();
    const turn = takeTurn(options, queue);
    pace.took(name, { began, ended: clock.monotonic() });
    await admitAll(options, turn.line.next);
    const placesInMs = tellPlaces(options, queue, turn);
    const counts = { queued: turn.line.waiting.length, running: turn.held.length + turn.line.next.length };
    observe.queue(name, { waiting: counts.queued, held: counts.running, slots: slotsOf(options, queue) });
    const statusInMs = await status.write(queue, counts);
    return soonest(placesInMs, statusInMs, turn.retryInMs);
  };
}

function soonest(...delays: (number | undefined)[]): Outcome {
  const known = delays.filter((delay) => delay !== undefined);
  return known.length === 0 ? {} : { lookAgainAfterMs: Math.min(...known) };
}

/** The same name is created again for a task that still wants it; for another it is read. */
async function settleUnknowns(options: QueueLoopOptions, queue: string): Promise<void> {
  const { admitting } = options;
  for (const create of admitting.gate.unknowns(queue)) {
    const task = tasksOf(options, queue).find(({ metadata }) => metadata.uid === create.taskUid);
    if (task !== undefined && wants(options, task)) await admit(options, task);
    else await findOut(admitting, create);
    if (task !== undefined) options.enqueueTask(formatKey(task.metadata));
  }
}

interface Turn {
  readonly line: Line;
  readonly held: readonly Slot[];
  /** Until a task that was refused may be tried again, or one that was passed over may be known well enough. */
  readonly retryInMs: number | undefined;
}

function takeTurn(options: QueueLoopOptions, queue: QueueView): Turn {
  const { knowledge, clock, ownWrites } = options;
  const { name } = queue.metadata;
  const { jobs, pods } = knowledge.caches;
  const held = heldSlots(
    jobs.store.byIndex(indexes.byQueue, name),
    pods.store.byIndex(indexes.byQueue, name),
    unreadableIn(knowledge.caches, name),
  );
  const retries: number[] = [];
  const wanting = tasksOf(options, name).filter((task) => {
    if (ownWrites.isBehind(task)) {
      // The cache may show the write before its answer is here: then no change will tell that the task is known again.
      retries.push(retryMs);
      return false;
    }
    if (!wants(options, task)) return false;
    const waitMs = (knowledge.refusals.retryAt(task.metadata) ?? 0) - clock.now();
    if (waitMs > 0) retries.push(waitMs);
    return waitMs <= 0;
  });
  const line = lineUp(wanting, held, slotsOf(options, queue));
  const finite = retries.filter(Number.isFinite);
  return { line, held, retryInMs: finite.length === 0 ? undefined : Math.min(...finite) };
}

function slotsOf({ maxRunningDefault }: QueueLoopOptions, { spec }: QueueView): number {
  return spec.maxRunning ?? maxRunningDefault;
}

function tasksOf({ knowledge }: QueueLoopOptions, queue: string): TaskView[] {
  return knowledge.caches.tasks.store.byIndex(indexes.byQueue, queue);
}

function wants({ knowledge }: QueueLoopOptions, task: TaskView): boolean {
  return wantsSlot({ task, ...childrenOf(knowledge.caches, task) });
}

/**
 * In their order, some at a time. When one has no answer, those after it are left to the next turn: the server may be
 * away. @throws what it threw, when all that were sent have come back
 */
async function admitAll(options: QueueLoopOptions, next: readonly TaskView[]): Promise<void> {
  const failures: unknown[] = [];
  const left = next.values();
  const admitSome = async (): Promise<void> => {
    for (const task of left) {
      if (failures.length > 0) return;
      await admit(options, task).catch((error: unknown) => void failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: createsAtOnce }, admitSome));
  if (failures.length > 0) throw failures[0];
}

async function admit(options: QueueLoopOptions, task: TaskView): Promise<void> {
  const { knowledge, admitting, clock, enqueueTask, observe } = options;
  const { jobs } = childrenOf(knowledge.caches, task);
  const refusal = await createJob(admitting, task, attemptAfter({ task, jobs }));
  if (refusal === undefined) {
    knowledge.refusals.forget(task.metadata.uid);
    return;
  }
  observe.refused(task.spec.queue, refusal.kind);
  knowledge.refusals.note(task.metadata, refusal, clock.now());
  enqueueTask(formatKey(task.metadata));
}

function tellPlaces(options: QueueLoopOptions, queue: QueueView, { line, held }: Turn): number | undefined {
  const { knowledge, clock, enqueueTask } = options;
  const { name } = queue.metadata;
  const dueInMs = knowledge.places.dueIn(name, clock.monotonic());
  if (dueInMs > 0) return line.waiting.length > 0 ? dueInMs : undefined;
  const tasks = tasksOf(options, name);
  const places = computePlaces({ line, held, tasks }, clock.now());
  const changed = new Set(knowledge.places.set(name, places, clock.monotonic()));
  for (const task of tasks) if (changed.has(task.metadata.uid)) enqueueTask(formatKey(task.metadata));
  return line.waiting.length > 0 ? knowledge.places.dueIn(name, clock.monotonic()) : undefined;
}
