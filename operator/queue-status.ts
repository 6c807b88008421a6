/** A queue's counts in its status: written when they have changed, at most every ten seconds for one queue. */
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { NotFoundError } from "../kube/errors.ts";
import { trainQueues } from "../traintask/names.ts";
import type { TrainQueueStatus } from "../traintask/queue.ts";
import { mergePatch } from "./merge-patch.ts";
import { placesEveryMs } from "./places.ts";
import type { QueueView } from "./views.ts";

export class QueueStatusWriter {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #writtenAt = new Map<string, number>();

  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @returns milliseconds until these counts may be written, when it is too early now */
  async write({ metadata, status }: QueueView, counts: TrainQueueStatus): Promise<number | undefined> {
    const { name, generation, uid } = metadata;
    const wanted = { ...counts, ...(generation === undefined ? {} : { observedGeneration: generation }) };
    const patch = mergePatch(status, { ...status, ...wanted });
    if (patch === undefined) return undefined;
    const now = this.#clock.monotonic();
    const dueAt = (this.#writtenAt.get(uid) ?? Number.NEGATIVE_INFINITY) + placesEveryMs;
    if (now < dueAt) return dueAt - now;
    this.#writtenAt.set(uid, now);
    try {
      await this.#client.patchStatus(trainQueues, { name }, { body: { status: patch } });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    return undefined;
  }
}
