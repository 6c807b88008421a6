/**
 * The operator's metrics, in Prometheus' format. Counters and histograms grow with what it does; gauges of the term are
 * read at the moment of a scrape. docs/operations.md has the table of names.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RequestObserver } from "../kube/observed-transport.ts";
import type { OperatorObserver, TermView } from "./observer.ts";

export interface OperatorMetrics {
  readonly observe: OperatorObserver;
  readonly request: RequestObserver;
  readonly registry: Registry;
}

const seconds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

export function operatorMetrics(): OperatorMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: "traintask_kubernetes_requests_total",
    help: "Requests to the Kubernetes API server, by verb and status code (none: no answer)",
    labelNames: ["verb", "code"],
    registers,
  });
  const loops = loopMetrics(registers);
  const queues = queueMetrics(registers);
  const term = termMetrics(registers);
  return {
    registry,
    request: (verb, code) => requests.inc({ verb, code: String(code) }),
    observe: {
      ...loops,
      ...queues.observe,
      term(view) {
        if (view === undefined) queues.reset();
        term(view);
      },
    },
  };
}

function loopMetrics(registers: Registry[]): Pick<OperatorObserver, "controller"> {
  const labelNames = ["loop"] as const;
  const wait = new Histogram({
    name: "traintask_operator_work_wait_seconds",
    help: "Time from when a key was due until a worker took it",
    labelNames,
    buckets: seconds,
    registers,
  });
  const took = new Histogram({
    name: "traintask_operator_reconcile_seconds",
    help: "Time that a reconcile took",
    labelNames,
    buckets: seconds,
    registers,
  });
  const retries = new Counter({
    name: "traintask_operator_retries_total",
    help: "Reconciles that failed and are tried again",
    labelNames,
    registers,
  });
  return {
    controller: (loop) => ({
      taken: (waitedMs) => wait.observe({ loop }, waitedMs / 1000),
      reconciled(tookMs, result) {
        took.observe({ loop }, tookMs / 1000);
        if (result === "failed") retries.inc({ loop });
      },
    }),
  };
}

function queueMetrics(registers: Registry[]) {
  const labelNames = ["queue"] as const;
  const gauge = (name: string, help: string): Gauge<"queue"> => new Gauge({ name, help, labelNames, registers });
  const gauges = {
    waiting: gauge("traintask_queue_waiting_tasks", "Tasks that wait for a slot of the queue"),
    held: gauge("traintask_queue_held_slots", "Slots of the queue that are held"),
    slots: gauge("traintask_queue_slots", "Slots that the queue has"),
  };
  const admissions = new Counter({
    name: "traintask_operator_admissions_total",
    help: "Jobs created: tasks, and further attempts of them, that were given a slot",
    labelNames,
    registers,
  });
  const refusals = new Counter({
    name: "traintask_operator_refusals_total",
    help: "Jobs that the API server did not take",
    labelNames: ["queue", "kind"],
    registers,
  });
  const observe: Pick<OperatorObserver, "admitted" | "refused" | "queue"> = {
    admitted: (queue) => admissions.inc({ queue }),
    refused: (queue, kind) => refusals.inc({ queue, kind }),
    queue(queue, counts) {
      for (const [name, one] of Object.entries(gauges)) {
        if (counts === undefined) one.remove({ queue });
        else one.set({ queue }, counts[name as keyof typeof gauges]);
      }
    },
  };
  return { observe, reset: () => Object.values(gauges).forEach((one) => one.reset()) };
}

/** Gauges that look at the term when they are read; without a term there is nothing to see. */
function termMetrics(registers: Registry[]): (view?: TermView) => void {
  let term: TermView | undefined;
  const gauge = (about: { name: string; help: string; label?: string }, read: () => Readings): void => {
    const { name, help, label } = about;
    void new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers,
      collect() {
        this.reset();
        const found = read();
        if (typeof found === "number") this.set(found);
        // What was reset is 0, and so something, unless it has labels.
        else if (label === undefined) this.remove();
        else for (const [value, count] of Object.entries(found ?? {})) this.set({ [label]: value }, count);
      },
    });
  };
  const loops = "Keys that wait for a worker, also those that are not due yet";
  gauge({ name: "traintask_operator_work_keys", help: loops, label: "loop" }, () => term?.waiting());
  const caches = "Objects in the caches of the leader";
  gauge({ name: "traintask_operator_cached_objects", help: caches, label: "resource" }, () => term?.cached());
  const leading = "1 while this operator leads, else 0";
  gauge({ name: "traintask_operator_leading", help: leading }, () => (term === undefined ? 0 : 1));
  const silence =
    "Time since the cache that has been silent for longest heard of the API server; above 90 nothing is admitted";
  gauge({ name: "traintask_operator_cache_silence_seconds", help: silence }, () => {
    const silentMs = term?.silentMs();
    return silentMs === undefined ? undefined : silentMs / 1000;
  });
  return (view) => {
    term = view;
  };
}

/** One value, or one for each value of the label; undefined: there is nothing to tell. */
type Readings = number | Readonly<Record<string, number>> | undefined;
