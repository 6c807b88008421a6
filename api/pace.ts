/**
 * Streams that take work to read, in small portions: one at a time in the whole program, and after each as long a rest as
 * it took, so that other requests wait for a portion at most, however many send such streams at once.
 */
import type { Clock } from "../kube/clock.ts";

const portionBytes = 16_384;
const leastRestMs = 1;

type Stream = AsyncIterable<Uint8Array>;

/** What it makes of several streams is worked on in turn. */
export function pacer(clock: Pick<Clock, "after" | "monotonic">): (stream: Stream) => Stream {
  let rested = Promise.resolve();
  return async function* paced(stream) {
    for await (const portion of portions(stream)) {
      const myTurn = rested;
      const { promise, resolve } = Promise.withResolvers<void>();
      rested = promise;
      await myTurn;
      const began = clock.monotonic();
      try {
        yield portion;
      } finally {
        clock.after(Math.max(leastRestMs, clock.monotonic() - began), resolve);
      }
    }
  };
}

async function* portions(stream: Stream): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    for (let at = 0; at < piece.length; at += portionBytes) yield piece.subarray(at, at + portionBytes);
  }
}
