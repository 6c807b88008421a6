/**
 * A task as the API shows it: the resource itself, with what is truer than its stored status (the state as the Job
 * stands now, the trainer's latest word, the place in the queue) and links.
 */
import type { Request } from "express";
import type { Progress } from "../traintask/progress.ts";
import { leftText } from "../traintask/left.ts";
import { terminalCondition } from "../traintask/state.ts";
import type { TrainTask } from "../traintask/task.ts";
import type { Api } from "./api.ts";
import { StoreUnavailableError } from "./artifacts/objects.ts";
import { taskLinks } from "./links.ts";
import type { Links } from "./links.ts";
import { withoutManagedFields } from "./projection.ts";
import { queuePositions } from "./queue-positions.ts";
import { latestWord } from "./words.ts";

export type PresentedTask = TrainTask & { readonly links: Links };

type Needs = Pick<Api, "cache" | "artifacts" | "clock">;

/** How long the store is waited for. */
const patienceMs = 1000;

/** @param task as the API server answered it */
export async function presentTask(api: Needs, request: Request, task: TrainTask): Promise<PresentedTask> {
  const live = await liveStatus(api, task);
  return present(api, request, { ...task, status: { ...task.status, ...live } });
}

/** The same without the trainer's latest word, which would cost a look into the store for each task of a list. */
export function present(api: Pick<Api, "cache">, request: Request, task: TrainTask): PresentedTask {
  const state = api.cache.stateOf(task);
  const position = state === "Queued" ? queuePositions(api.cache, task.spec.queue).get(task.metadata.uid) : undefined;
  const { queue: stored, ...status } = task.status ?? {};
  const queue = position === undefined ? stored : { ...stored, position };
  return {
    ...task,
    metadata: withoutManagedFields(task.metadata),
    status: { ...status, state, ...(queue === undefined || state !== "Queued" ? {} : { queue }) },
    links: taskLinks(request, task),
  };
}

/** A task that was just stored: nobody has said anything of it, and its place in the queue was not asked for. */
export function presentNew(api: Pick<Api, "cache">, request: Request, task: TrainTask): PresentedTask {
  return {
    ...task,
    metadata: withoutManagedFields(task.metadata),
    status: { ...task.status, state: api.cache.stateOf(task) },
    links: taskLinks(request, task),
  };
}

/** What the trainer has said since the status was last written. Finished is final: then the status has the last word. */
async function liveStatus(api: Needs, task: TrainTask): Promise<Partial<TrainTask["status"]>> {
  if (task.status === undefined || terminalCondition(task) !== undefined) return {};
  const progress = await wordInTime(api, task);
  if (progress === undefined) return {};
  const { trainerStatus } = progress;
  const stored = task.status.trainerStatus?.lastUpdatedTime;
  if (stored !== undefined && Date.parse(stored) > Date.parse(trainerStatus.lastUpdatedTime)) return {};
  const { estimatedRemainingSeconds } = trainerStatus;
  return {
    ...progress,
    ...(estimatedRemainingSeconds === undefined ? {} : { left: leftText(estimatedRemainingSeconds) }),
  };
}

/** Undefined also where the store is slow or away: a task can be looked at, cancelled and suspended without it. */
async function wordInTime({ artifacts, clock }: Needs, task: TrainTask): Promise<Progress | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(patienceMs, () => resolve(undefined));
  try {
    return await Promise.race([latestWord(artifacts, task), late]);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  } finally {
    cancel();
  }
}
