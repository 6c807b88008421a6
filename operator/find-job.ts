/** Reads a Job by its name: what caches cannot tell, because they may be behind or do not watch it. */
import type { KubeClient } from "../kube/client.ts";
import { NotFoundError } from "../kube/errors.ts";
import { jobs } from "../kube/objects.ts";
import type { Job } from "../kube/objects.ts";

/** @returns undefined when there is none */
export async function findJob(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Job | undefined> {
  try {
    return await client.get<Job>(jobs, { namespace, name });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
