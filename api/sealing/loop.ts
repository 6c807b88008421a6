/**
 * Seals finished models and says so in the task's status. Level-triggered: it looks at a task after each change of it,
 * after a part is done, and at everything once after a start; what was sealed before is found and only told again.
 */
import type { Clock } from "../../kube/clock.ts";
import type { KubeClient } from "../../kube/client.ts";
import { startController } from "../../kube/controller.ts";
import type { Log } from "../../kube/log.ts";
import type { ArtifactStore } from "../artifacts/store.ts";
import type { Cache } from "../cache.ts";
import { patchTaskStatus } from "../task-status.ts";
import { makeSeal } from "./seal.ts";

export interface Sealing {
  /** Looks at the task soon: a part of its model or its report is done. */
  look(uid: string): void;
}

export interface SealingOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly cache: Pick<Cache, "taskByUid" | "onTask">;
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
  return { look: (uid) => controller.enqueue(uid), stopped: controller.stopped };
}

/** Most changes are of tasks that have not begun, or that are sealed: these cost nothing. */
function mayNeedSeal({ spec, status }: NonNullable<ReturnType<Cache["taskByUid"]>>): boolean {
  return status.model === undefined && spec.trainer.container === undefined && status.conditions !== undefined;
}

/** Brings one task's model nearer to being sealed; does nothing when there is nothing to do. */
async function sealTask(options: SealingOptions, uid: string): Promise<void> {
  const { artifacts, cache, client, log } = options;
  const task = cache.taskByUid(uid);
  if (task === undefined || task.status.model !== undefined) return;
  let seal = await artifacts.sealOf(uid);
  if (seal === undefined) {
    const made = await makeSeal(artifacts, task);
    if (made === undefined) return;
    seal = await artifacts.seal(uid, made);
    log.info(
      { task: task.metadata.name, namespace: task.metadata.namespace, digest: seal.digest, partial: seal.partial },
      "model sealed",
    );
  }
  const { digest, sizeBytes, partial } = seal;
  await patchTaskStatus(client, task.metadata, { status: { model: { digest, sizeBytes, partial } } });
}
