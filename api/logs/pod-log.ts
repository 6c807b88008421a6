/**
 * Copies a pod's log from its node into the artifact store, piece by piece while the pod runs. A copy that was broken
 * off goes on where it ended: the log of a container only grows. Several replicas may copy the same log: what stands at
 * an offset is the same whoever stored it, so the one who comes later leaves out what is there already.
 */
import type { KubeClient } from "../../kube/client.ts";
import type { Clock } from "../../kube/clock.ts";
import type { ObjectKey } from "../../kube/objects.ts";
import { containerName } from "../../traintask/names.ts";
import { OffsetError } from "../artifacts/store.ts";
import type { ArtifactStore, Chunk, Part } from "../artifacts/store.ts";

const flushEveryMs = 1000;
const chunkBytes = 1 << 20;

export interface PodLogOptions {
  readonly client: Pick<KubeClient, "logs">;
  readonly clock: Clock;
  readonly artifacts: Pick<ArtifactStore, "append" | "state">;
  /** Told after each piece. */
  readonly stored: () => void;
  readonly maxBytes: number;
  /** Stands before the log. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/** Copies until the log ends (the container has, or the signal aborted). Does not mark the part as done. */
export async function copyPodLog(options: PodLogOptions, pod: ObjectKey, part: Part): Promise<void> {
  const { artifacts, clock } = options;
  let { length: offset } = await artifacts.state(part);
  const prefix = Buffer.from(options.prefix);
  let skip = Math.max(0, offset - prefix.length);
  let held: Uint8Array[] = offset === 0 ? [prefix] : [];
  let heldBytes = held.length * prefix.length;
  let flushed = clock.monotonic();

  const flush = async (): Promise<void> => {
    if (heldBytes === 0) return;
    const bytes = Buffer.concat(held);
    flushed = clock.monotonic();
    const length = await lengthAfter(artifacts, part, { offset, bytes, last: false });
    const rest = bytes.subarray(length - offset);
    skip += Math.max(0, length - offset - bytes.length);
    held = rest.length === 0 ? [] : [rest];
    heldBytes = rest.length;
    offset = length;
    options.stored();
  };

  const leave = new AbortController();
  const signal = AbortSignal.any([options.signal, leave.signal]);
  const log = options.client.logs(pod, { container: containerName, follow: true, signal });
  const pieces = log[Symbol.asyncIterator]();
  let next = pieces.next();
  try {
    for (;;) {
      const due = heldBytes === 0 ? undefined : flushed + flushEveryMs - clock.monotonic();
      const result = await within(clock, next, due);
      if (result === undefined) {
        await flush();
        continue;
      }
      if (result.done === true) break;
      next = pieces.next();
      const piece = result.value.subarray(Math.min(skip, result.value.length));
      skip -= result.value.length - piece.length;
      const room = options.maxBytes - offset - heldBytes;
      held.push(piece.subarray(0, Math.max(0, room)));
      heldBytes += Math.min(piece.length, Math.max(0, room));
      if (heldBytes >= chunkBytes) await flush();
    }
  } finally {
    next.catch(() => undefined);
    leave.abort();
    await pieces.return?.();
  }
  while (heldBytes > 0) await flush();
}

/** @returns the part's length, which is another one when another replica has stored something at this place */
async function lengthAfter(artifacts: Pick<ArtifactStore, "append">, part: Part, chunk: Chunk): Promise<number> {
  try {
    return (await artifacts.append(part, chunk)).length;
  } catch (error) {
    if (error instanceof OffsetError && error.length > chunk.offset) return error.length;
    throw error;
  }
}

/** The result, or undefined when it takes longer. */
async function within<T>(clock: Clock, work: Promise<T>, ms: number | undefined): Promise<T | undefined> {
  if (ms === undefined) return work;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(Math.max(0, ms), () => resolve(undefined));
  try {
    return await Promise.race([work, promise]);
  } finally {
    cancel();
  }
}
