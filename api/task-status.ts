/** The API's part of a task's status, written. What else stands there is the operator's, and a merge patch leaves it. */
import type { KubeClient } from "../kube/client.ts";
import { NotFoundError } from "../kube/errors.ts";
import { trainTasks } from "../traintask/names.ts";
import type { TrainTask } from "../traintask/task.ts";

interface StatusChange {
  /** A merge patch. */
  readonly status: object;
  /** Given: only while the task is at this version. */
  readonly resourceVersion?: string | undefined;
}

/**
 * Changes the status of this very task, never of a successor with its name.
 * @returns false when the task is gone
 * @throws ConflictError when it is another one by now, or has changed
 */
export async function patchTaskStatus(
  client: Pick<KubeClient, "patchStatus">,
  { namespace, name, uid }: Pick<TrainTask["metadata"], "namespace" | "name" | "uid">,
  { status, resourceVersion }: StatusChange,
): Promise<boolean> {
  const metadata = { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  try {
    await client.patchStatus(trainTasks, { namespace, name }, { body: { metadata, status } });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
