/**
 * Seals finished models and says so in the task's status. Level-triggered: it looks at a task after each change of it,
 * after a part is done, and at everything once after a start; what was sealed before is found and only told again.
 */
import type { Clock } from "../../kube/clock.ts";
import type { KubeClient } from "../../kube/client.ts";
import { startController } from "../../kube/controller.ts";
import type { Log } from "../../kube/log.ts";
import { terminalCondition } from "../../traintask/state.ts";
import type { TrainTask } from "../../traintask/task.ts";
import type { ArtifactStore, Seal } from "../artifacts/store.ts";
import type { Cache } from "../cache.ts";
import { patchTaskStatus } from "../task-status.ts";
import { makeSeal, sealUpload } from "./seal.ts";

export interface Sealing {
  /** Looks at the task soon: a part of its model or its report is done. */
  look(uid: string): void;
}

export interface SealingOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly cache: Pick<Cache, "taskByUid" | "onTask" | "jobOf" | "onJob">;
  readonly artifacts: ArtifactStore;
}

export function startSealing(options: SealingOptions): Sealing & { readonly stopped: Promise<void> } {
  const { cache } = options;
  const controller = startController({
    ...options,
    name: "sealing",
    reconcile: (uid) => sealTask(options, uid),
    workers: 2,
  });
  cache.onTask((change) => {
    if (change.type !== "deleted" && mayNeedSeal(change.object)) controller.enqueue(change.object.metadata.uid);
  });
  cache.onJob(({ type, object: { taskUid, isComplete } }) => {
    if (type === "deleted" || !isComplete) return;
    if (cache.taskByUid(taskUid)?.spec.trainer.container?.model !== undefined) controller.enqueue(taskUid);
  });
  return { look: (uid) => controller.enqueue(uid), stopped: controller.stopped };
}

/** Most changes are of tasks that have not begun, or that are sealed: these cost nothing. */
function mayNeedSeal({ spec, status }: TrainTask): boolean {
  const { container } = spec.trainer;
  if (container !== undefined && container.model === undefined) return false;
  // Each look asks for every part; while pods run, the API that takes the last chunk looks by itself.
  if (spec.shards > 1 && isRunning(status)) return false;
  return status.model === undefined && status.conditions !== undefined;
}

function isRunning({ conditions = [] }: TrainTask["status"]): boolean {
  return conditions.some(({ type, status }) => type === "Running" && status === "True");
}

/** Brings one task's model nearer to being sealed; does nothing when there is nothing to do. */
async function sealTask(options: SealingOptions, uid: string): Promise<void> {
  const { artifacts, cache, client, log } = options;
  const task = cache.taskByUid(uid);
  if (task === undefined || task.status.model !== undefined) return;
  let seal = await artifacts.sealOf(uid);
  if (seal === undefined) {
    const isContainer = task.spec.trainer.container !== undefined;
    const made = isContainer ? await sealContainer(options, task) : await makeSeal(artifacts, task);
    if (made === undefined) return;
    seal = await artifacts.seal(uid, made);
    // Another replica may have been faster; then it has said so.
    if (seal === made) {
      const { name, namespace } = task.metadata;
      log.info({ task: name, namespace, digest: seal.digest, partial: seal.partial }, "model sealed");
    }
  }
  const { digest, sizeBytes, partial } = seal;
  await patchTaskStatus(client, task.metadata, { status: { model: { digest, sizeBytes, partial } } });
}

/**
 * A container's model is what was uploaded when its Job had ended well, or the task has ended otherwise: until then
 * another pod may upload another one. Nobody uploads after a Job's end, so if there is none then, that is said.
 */
async function sealContainer({ artifacts, cache, client }: SealingOptions, task: TrainTask): Promise<Seal | undefined> {
  const { uid } = task.metadata;
  const job = cache.jobOf(uid);
  const hasEnded = terminalCondition(task) !== undefined;
  if (job?.isComplete !== true && !hasEnded) return undefined;
  const seal = await sealUpload(artifacts, uid);
  if (seal !== undefined || hasEnded || job === undefined) return seal;
  if (task.status.modelMissingInAttempt !== job.attempt)
    await patchTaskStatus(client, task.metadata, { status: { modelMissingInAttempt: job.attempt } });
  return undefined;
}
