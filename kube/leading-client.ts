/**
 * A KubeClient that writes only while its term lasts. Each write is preceded by the question whether the lease was
 * renewed in time, and given up before the lease can be in other hands, so that two leaders never write at once.
 */
import type { CallOptions, KubeClient } from "./client.ts";
import type { Term } from "./leader.ts";

/** The lease was not renewed in time: whatever was to be written is now another's to decide. */
export class NotLeadingError extends Error {
  override readonly name = "NotLeadingError";
}

/** Shorter than the time from the renew deadline to the lease's end (5 s by default). */
const writeTimeoutMs = 4000;

/** Reads go through; create, update, patch and delete throw a NotLeadingError, and send nothing, once the term is over. */
export function leadingClient(client: KubeClient, term: Term): KubeClient {
  const guarded = <Options extends CallOptions>(options: Options): Options => {
    if (!term.isLeading()) throw new NotLeadingError("not the leader any more: nothing is written");
    return { ...options, timeoutMs: Math.min(options.timeoutMs ?? writeTimeoutMs, writeTimeoutMs) };
  };
  return {
    ...client,
    create: async (resource, object, options = {}) => client.create(resource, object, guarded(options)),
    update: async (resource, object, options = {}) => client.update(resource, object, guarded(options)),
    patch: async (resource, key, change) => client.patch(resource, key, guarded(change)),
    patchStatus: async (resource, key, change) => client.patchStatus(resource, key, guarded(change)),
    delete: async (resource, key, options = {}) => client.delete(resource, key, guarded(options)),
  };
}
