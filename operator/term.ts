/**
 * One term as leader, from empty caches to the abort of its signal. Everything that the operator remembers lives and
 * dies with the term, so a new leader, or the same one again, begins from what the API server has.
 */
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { startController } from "../kube/controller.ts";
import type { Controller } from "../kube/controller.ts";
import { eventRecorder } from "../kube/event-recorder.ts";
import { formatKey } from "../kube/keys.ts";
import type { Log } from "../kube/log.ts";
import { indexes, silentMs, startCaches, synced } from "./caches.ts";
import type { Caches } from "./caches.ts";
import { Gate } from "./gate.ts";
import type { Knowledge } from "./observe.ts";
import type { OperatorObserver, TermView } from "./observer.ts";
import { OwnWrites } from "./own-writes.ts";
import { Phases } from "./phases.ts";
import { Places } from "./places.ts";
import { queueReconciler } from "./queue-loop.ts";
import { Refusals } from "./refused-jobs.ts";
import { defaults } from "./settings.ts";
import type { OperatorSettings } from "./settings.ts";
import { taskReconciler } from "./task-loop.ts";
import type { JobView, PodView } from "./views.ts";

export interface TermOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: OperatorSettings;
  readonly authority?: () => string;
  readonly observe: OperatorObserver;
  readonly signal: AbortSignal;
  readonly onReady: () => void;
}

/** Resolves when the signal has aborted and nothing runs any more. */
export async function runTerm(options: TermOptions): Promise<void> {
  const { client, clock, log, settings, signal } = options;
  const gateMoved = { tell: (): void => undefined };
  const { watchNamespaces = [] } = settings;
  const caches = startCaches({ client, clock, log, signal, watchNamespaces, onJobsProgress: () => gateMoved.tell() });
  await synced(caches);
  if (signal.aborted) return caches.stopped;
  const gate = new Gate(caches.jobs);
  const knowledge: Knowledge = {
    caches,
    phases: new Phases(),
    refusals: new Refusals(),
    places: new Places(),
    controllerName: settings.controllerName,
    settings: { memoryCapBytes: settings.memoryCapBytes ?? defaults.memoryCapBytes },
  };
  const memory = { knowledge, gate, ownWrites: new OwnWrites() };
  const loops = startLoops(options, memory);
  watchCaches(memory, loops);
  gateMoved.tell = () => {
    for (const queue of gate.queues()) loops.queues.enqueue(queue);
  };
  options.observe.term(viewOf(caches, loops, clock));
  options.onReady();
  await Promise.all([loops.tasks.stopped, loops.queues.stopped, caches.stopped]);
  options.observe.term();
}

interface Loops {
  readonly tasks: Controller;
  readonly queues: Controller;
}

interface Memory {
  readonly knowledge: Knowledge;
  readonly gate: Gate;
  readonly ownWrites: OwnWrites;
}

function startLoops(options: TermOptions, { knowledge, gate, ownWrites }: Memory): Loops {
  const { client, clock, log, observe, settings, signal } = options;
  const events = eventRecorder({
    client,
    clock,
    log,
    signal,
    component: settings.controllerName,
    instance: settings.identity,
  });
  const tasks = startController({
    name: "tasks",
    clock,
    log,
    signal,
    workers: settings.workers ?? defaults.workers,
    observe: observe.controller("tasks"),
    reconcile: taskReconciler({ clock, knowledge, gate, hands: { client, events, ownWrites, log } }),
  });
  const queues = startController({
    name: "queues",
    clock,
    log,
    signal,
    observe: observe.controller("queues"),
    reconcile: queueReconciler({
      client,
      clock,
      knowledge,
      ownWrites,
      observe,
      admitting: {
        client,
        gate,
        log,
        observe,
        // Asked for each Job: the authority may be another one by then.
        get settings() {
          return options.authority === undefined ? settings : { ...settings, ca: options.authority() };
        },
      },
      maxRunningDefault: settings.maxRunningDefault,
      enqueueTask: (key) => tasks.enqueue(key),
    }),
  });
  return { tasks, queues };
}

/** Everything that may change a plan asks for a new one; everything that may free or fill a slot wakes its queue. */
function watchCaches({ knowledge, ownWrites }: Memory, { tasks, queues }: Loops): void {
  const { caches, phases, refusals } = knowledge;
  const wakeOwner = ({ object }: { object: JobView | PodView }): void => {
    tasks.enqueue(formatKey({ namespace: object.metadata.namespace, name: object.taskName }));
    queues.enqueue(object.queue);
  };
  caches.jobs.store.subscribe(wakeOwner);
  caches.pods.store.subscribe(wakeOwner);
  caches.tasks.store.subscribe((change) => {
    tasks.enqueue(change.key);
    queues.enqueue(change.object.spec.queue);
    if (change.type !== "deleted") return;
    for (const memory of [phases, refusals, ownWrites]) memory.forget(change.object.metadata.uid);
  });
  caches.queues.store.subscribe(({ key }) => {
    queues.enqueue(key);
    for (const task of caches.tasks.store.byIndex(indexes.byQueue, key)) tasks.enqueue(formatKey(task.metadata));
  });
  wakeAll(caches, { tasks, queues });
}

/** What was listed before anybody subscribed. */
function wakeAll(caches: Caches, { tasks, queues }: Loops): void {
  for (const key of caches.queues.store.keys()) queues.enqueue(key);
  for (const key of caches.tasks.store.keys()) tasks.enqueue(key);
}

function viewOf(caches: Caches, { tasks, queues }: Loops, clock: Clock): TermView {
  return {
    waiting: () => ({ tasks: tasks.waiting, queues: queues.waiting }),
    cached: () => ({
      traintasks: caches.tasks.store.size,
      trainqueues: caches.queues.store.size,
      jobs: caches.jobs.store.size,
      pods: caches.pods.store.size,
    }),
    silentMs: () => silentMs(caches, clock.monotonic()),
  };
}
