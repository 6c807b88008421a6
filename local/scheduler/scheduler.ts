/**
 * The scheduler of a cluster with one node: places a pod when what it asks for fits beside what the placed ones ask
 * for. Higher priority first, then the oldest; one that does not fit says so, stays Pending, and holds up nobody.
 */
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Pod, pods } from "../../kube/objects.ts";
import { eventRecorder } from "../event-recorder.ts";
import { startLoop } from "../loop.ts";
import { withPodCondition } from "../pod-conditions.ts";
import type { Registry } from "../registry.ts";
import { sameKind } from "../same-kind.ts";
import { misfits, missingClaim, type NodeFacts, unschedulable } from "./fit.ts";
import { add, type Capacity, requestsOf } from "./requests.ts";

export interface SchedulerOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeName: string;
  readonly node: NodeFacts;
}

const everything = "all pods";

/** @returns a function that stops it */
export function startScheduler(options: SchedulerOptions): () => void {
  const { registry, clock, log } = options;
  const loop = startLoop({ name: "scheduler", clock, log, sync: () => schedule(options) });
  const unsubscribe = registry.subscribe(({ resource }) => {
    if (sameKind(resource, pods)) loop.wake(everything);
  });
  loop.wake(everything);
  return () => {
    unsubscribe();
    loop.close();
  };
}

function schedule(options: SchedulerOptions): undefined {
  const { registry, clock } = options;
  const record = eventRecorder(registry, clock, "default-scheduler");
  const { waiting, used } = observe(registry.list<Pod>(pods));
  let taken = used;
  for (const pod of waiting) {
    const obstacle = whyNot(pod, taken, options.node);
    if (obstacle === undefined) {
      taken = add(taken, requestsOf(pod));
      place(options, pod);
      record(pod, { type: "Normal", reason: "Scheduled", message: assigned(pod, options.nodeName) });
    } else if (refuse(options, pod, obstacle)) {
      record(pod, { type: "Warning", reason: "FailedScheduling", message: obstacle });
    }
  }
}

function whyNot(pod: Pod, used: Capacity, node: NodeFacts): string | undefined {
  const reasons = misfits(pod, used, node);
  return missingClaim(pod) ?? (reasons.length === 0 ? undefined : unschedulable(reasons));
}

function assigned({ metadata }: Pod, node: string): string {
  return `Successfully assigned ${metadata?.namespace}/${metadata?.name} to ${node}`;
}

/** The pods that wait for a place, in the order in which they get one, and what the placed ones ask for. */
function observe(all: readonly Pod[]): { waiting: Pod[]; used: Capacity } {
  const live = all.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  const used = live
    .filter(({ spec }) => spec?.nodeName !== undefined)
    .map(requestsOf)
    .reduce(add, { cpu: 0, memory: 0, pods: 0 });
  const waiting = live
    .filter(({ spec, metadata }) => spec?.nodeName === undefined && metadata?.deletionTimestamp === undefined)
    .filter(({ spec }) => (spec?.schedulingGates ?? []).length === 0)
    .toSorted((a, b) => (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0) || age(a).localeCompare(age(b)));
  return { waiting, used };
}

function age({ metadata }: Pod): string {
  return `${metadata?.creationTimestamp} ${metadata?.name}`;
}

function place({ registry, clock, nodeName }: SchedulerOptions, pod: Pod): void {
  const containers = pod.spec?.containers ?? [];
  const placed = registry.update<Pod>(pods, { ...pod, spec: { ...pod.spec, containers, nodeName } });
  registry.updateStatus<Pod>(pods, withPodCondition(placed, { type: "PodScheduled", status: "True" }, clock.now()));
}

/** @returns whether this is news */
function refuse({ registry, clock }: SchedulerOptions, pod: Pod, message: string): boolean {
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message } as const;
  const next = withPodCondition(pod, condition, clock.now());
  if (next === pod) return false;
  registry.updateStatus<Pod>(pods, next);
  return true;
}
