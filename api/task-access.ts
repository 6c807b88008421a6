/** One task from the API server itself, true to the last write. */
import type { KubeObject, ObjectKey } from "../kube/objects.ts";
import { NotFoundError } from "../kube/errors.ts";
import { trainTasks } from "../traintask/names.ts";
import { parseTrainTask } from "../traintask/parse.ts";
import type { TrainTask } from "../traintask/task.ts";
import type { Api } from "./api.ts";
import { Problem } from "./problem.ts";

/** @throws Problem 404 */
export async function getTrainTask(api: Pick<Api, "client">, key: Required<ObjectKey>): Promise<TrainTask> {
  try {
    return parseTrainTask(await api.client.get<KubeObject>(trainTasks, key));
  } catch (error) {
    throw noSuchTask(error, key);
  }
}

/**
 * Changes the spec by a JSON merge patch.
 * @throws Problem 404
 */
export async function patchSpec(api: Pick<Api, "client">, key: Required<ObjectKey>, spec: object): Promise<TrainTask> {
  try {
    return parseTrainTask(await api.client.patch<KubeObject>(trainTasks, key, { body: { spec } }));
  } catch (error) {
    throw noSuchTask(error, key);
  }
}

/** The error as it is, or in our words when it says that there is no such task. */
export function noSuchTask(error: unknown, { namespace, name }: Required<ObjectKey>): unknown {
  if (!(error instanceof NotFoundError)) return error;
  return new Problem({ status: 404, detail: `There is no task ${name} in namespace ${namespace}.`, cause: error });
}
