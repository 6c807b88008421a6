/**
 * Carries out a plan: children first, then the status in one write, then Events, so that whoever dies in between leaves
 * a state from which the same plan is made again. Only what the operator owns of a status is ever sent.
 */
import type { KubeClient } from "../kube/client.ts";
import { ApiError, ConflictError, InvalidError, NotFoundError, ServerError } from "../kube/errors.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import type { Log } from "../kube/log.ts";
import { jobs, pods } from "../kube/objects.ts";
import type { KubeObject, Resource } from "../kube/objects.ts";
import { apiVersion, trainTasks } from "../traintask/names.ts";
import { isTerminal } from "./conditions.ts";
import { mergePatch } from "./merge-patch.ts";
import type { OwnWrites } from "./own-writes.ts";
import type { Plan } from "./plan.ts";
import type { Deletion, PlannedEvent } from "./step.ts";
import type { TaskView } from "./views.ts";

export interface Hands {
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly ownWrites: OwnWrites;
  readonly log: Log;
}

const resources: Readonly<Record<Deletion["kind"], Resource>> = { Job: jobs, Pod: pods, TrainTask: trainTasks };

/** @throws ApiError, TransportError: nothing after the failed write was done; plan again */
export async function carryOut(hands: Hands, task: TaskView, plan: Plan): Promise<void> {
  for (const deletion of plan.deletions) await remove(hands, deletion);
  if (await writeStatus(hands, task, plan)) tell(hands, task, plan.events ?? []);
}

/** Pods of a Job deleted in the background outlive it, so Jobs are deleted in the foreground. */
async function remove({ client, log }: Hands, { kind, namespace, name, uid }: Deletion): Promise<void> {
  const propagation =
    kind === "Pod" ? {} : ({ propagationPolicy: kind === "Job" ? "Foreground" : "Background" } as const);
  try {
    await client.delete(resources[kind], { namespace, name }, { uid, ...propagation });
    log.info({ kind, namespace, name }, "deleted");
  } catch (error) {
    // Gone already, or another object by now: either way this one is no more.
    if (!(error instanceof NotFoundError) && !(error instanceof ConflictError)) throw error;
  }
}

/** @returns whether the status is as planned */
async function writeStatus(hands: Hands, task: TaskView, plan: Plan): Promise<boolean> {
  const { namespace, name, uid, resourceVersion } = task.metadata;
  const status = plan.status && mergePatch(task.status, plan.status);
  if (plan.status === undefined || status === undefined) return true;
  // The last word must stand on the newest of everything, and must never hit a successor of the same name.
  const metadata = isTerminal(plan.status) ? { metadata: { resourceVersion } } : {};
  hands.ownWrites.begin(uid);
  try {
    const written = await hands.client.patchStatus<KubeObject>(
      trainTasks,
      { namespace, name },
      { body: { ...metadata, status } },
    );
    hands.ownWrites.reached(uid, written.metadata?.resourceVersion ?? "");
    return true;
  } catch (error) {
    if (error instanceof ApiError && !(error instanceof ServerError)) hands.ownWrites.forget(uid);
    else hands.ownWrites.unknown(uid);
    if (error instanceof NotFoundError) return false;
    if (!(error instanceof InvalidError)) throw error;
    hands.log.error({ err: error, namespace, name, status }, "the API server refuses the status");
    return false;
  }
}

function tell({ events }: Hands, { metadata }: TaskView, planned: readonly PlannedEvent[]): void {
  const { namespace, name, uid } = metadata;
  const regarding = { apiVersion, kind: trainTasks.kind, namespace, name, uid };
  for (const { type, reason, message } of planned) events.record({ regarding, type, reason, message });
}
