/**
 * Admits one task: creates the Job of its next attempt. What the API server answers decides what is remembered: a Job
 * that is there holds a slot, a refusal holds none and makes the task stand back, and silence holds the slot until the
 * outcome is known.
 */
import type { KubeClient } from "../kube/client.ts";
import {
  AlreadyExistsError,
  ApiError,
  BadRequestError,
  ForbiddenError,
  InvalidError,
  ServerError,
} from "../kube/errors.ts";
import type { Log } from "../kube/log.ts";
import { jobs } from "../kube/objects.ts";
import type { Job, KubeObject } from "../kube/objects.ts";
import { trainTasks } from "../traintask/names.ts";
import { parseTrainTask } from "../traintask/parse.ts";
import { refusedThere } from "./closed-namespace.ts";
import { findJob } from "./find-job.ts";
import type { Create, Gate } from "./gate.ts";
import { buildJob } from "./job.ts";
import type { Refusal } from "./observed.ts";
import type { OperatorObserver } from "./observer.ts";
import type { PodSettings } from "./pod-template.ts";
import { projectJob } from "./project.ts";
import type { TaskView } from "./views.ts";

export interface Admitting {
  readonly client: KubeClient;
  readonly gate: Gate;
  readonly log: Log;
  readonly observe: Pick<OperatorObserver, "admitted">;
  readonly settings: PodSettings & { readonly closedNamespace?: string };
}

/**
 * @returns undefined when the Job is there, else why it never came to be
 * @throws ApiError, TransportError when the outcome is unknown or to be tried again; the gate remembers which
 */
export async function createJob(admitting: Admitting, task: TaskView, attempt: number): Promise<Refusal | undefined> {
  const { client, gate, log, settings } = admitting;
  const closed = refusedThere(task, settings.closedNamespace);
  if (closed !== undefined) return closed;
  const whole = await readInFull(client, task);
  if (whole === undefined) return undefined;
  const job = buildJob(whole, attempt, settings);
  const create = createOf(task, job);
  gate.sent(create);
  try {
    const made = await client.create<Job>(jobs, job);
    gate.created(create, identityOf(made));
    log.info({ namespace: create.namespace, job: create.name, queue: create.queue }, "admitted");
    admitting.observe.admitted(create.queue);
    return undefined;
  } catch (error) {
    if (error instanceof AlreadyExistsError) return adopt(admitting, create);
    return outcomeOf(gate, create, error);
  }
}

function createOf({ metadata, spec }: TaskView, job: Job): Create {
  const { namespace, uid } = metadata;
  return { queue: spec.queue, taskUid: uid, namespace, name: job.metadata?.name ?? "" };
}

/** The cache leaves long inline tables out; undefined when the task is another one by now. */
async function readInFull(client: KubeClient, task: TaskView): Promise<TaskView | undefined> {
  if (!task.csvLeftOut) return task;
  const { namespace, name, uid } = task.metadata;
  const whole = parseTrainTask(await client.get<KubeObject>(trainTasks, { namespace, name }));
  return whole.metadata.uid === uid ? { ...task, spec: whole.spec } : undefined;
}

/** A Job of that name is there: ours from an earlier try whose answer was lost, or somebody else's. */
async function adopt({ client, gate }: Admitting, create: Create): Promise<Refusal | undefined> {
  const found = await findJob(client, create);
  if (found === undefined) gate.unknown(create);
  else if (isOwnedBy(found, create.taskUid)) gate.created(create, identityOf(found));
  else {
    gate.refused(create);
    return { kind: "quota", message: `Job ${create.name} is in the way: it belongs to somebody else` };
  }
  return undefined;
}

/** Reads what became of a create without an answer. */
export async function findOut({ client, gate }: Admitting, create: Create): Promise<void> {
  const found = await findJob(client, create);
  if (found !== undefined && isOwnedBy(found, create.taskUid)) gate.created(create, identityOf(found));
  else gate.refused(create);
}

function isOwnedBy(job: Job, taskUid: string): boolean {
  try {
    return projectJob(job).taskUid === taskUid;
  } catch {
    return false;
  }
}

function identityOf({ metadata }: Job): { uid: string; resourceVersion: string } {
  return { uid: metadata?.uid ?? "", resourceVersion: metadata?.resourceVersion ?? "" };
}

function outcomeOf(gate: Gate, create: Create, error: unknown): Refusal {
  if (!(error instanceof ApiError) || error instanceof ServerError) {
    gate.unknown(create);
    throw error;
  }
  gate.refused(create);
  if (error instanceof ForbiddenError) return { kind: "quota", message: error.message };
  if (error instanceof InvalidError || error instanceof BadRequestError) {
    return { kind: "invalid", message: error.message };
  }
  throw error;
}
