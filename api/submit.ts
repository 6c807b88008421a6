/**
 * Storing a new task. The answer is sent after the API server has made it durable; with an Idempotency-Key the same
 * request finds the task that it made the first time.
 */
import type { TrainTask } from "../traintask/task.ts";
import { AlreadyExistsError, NotFoundError } from "../kube/errors.ts";
import type { KubeObject } from "../kube/objects.ts";
import { annotations, trainTasks } from "../traintask/names.ts";
import type { Api } from "./api.ts";
import type { Manifest } from "./manifest.ts";
import { Problem } from "./problem.ts";

/** @returns the task as stored: the new one, or the one that the same request made before */
export async function submitTask(api: Pick<Api, "client" | "cache">, manifest: Manifest): Promise<TrainTask> {
  const digest = manifest.metadata.annotations?.[annotations.requestDigest];
  for (;;) {
    try {
      return (await api.client.create<KubeObject>(trainTasks, manifest)) as TrainTask;
    } catch (error) {
      if (!(error instanceof AlreadyExistsError) || digest === undefined || manifest.metadata.name === undefined)
        throw error;
      const made = await standing(api, manifest.metadata.namespace, manifest.metadata.name);
      if (made === undefined) continue;
      const first = made.metadata.annotations?.[annotations.requestDigest];
      if (first === undefined) throw error;
      if (first === digest) return made;
      throw new Problem({
        status: 422,
        detail: `Task ${made.metadata.name} was made with this Idempotency-Key from another body. Send that body again, or take a new key.`,
        errors: [{ header: "idempotency-key", detail: "used before with another body" }],
        cause: error,
      });
    }
  }
}

/** The task of that name; undefined when it has gone in the meantime. */
async function standing(api: Pick<Api, "client">, namespace: string, name: string): Promise<TrainTask | undefined> {
  try {
    return (await api.client.get<KubeObject>(trainTasks, { namespace, name })) as TrainTask;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
