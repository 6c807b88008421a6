/**
 * One watch, from its opening to its end. A connection can be dead without saying so (a half-open socket, a proxy that
 * lost its other half): servers send a bookmark a minute, so a watch that is silent for longer is given up.
 */
import type { KubeClient, WatchEvent, WatchOptions } from "./client.ts";
import type { Clock } from "./clock.ts";
import { linkedAbort } from "./linked-abort.ts";
import type { KubeObject, Resource } from "./objects.ts";

/** The watch stood, and nothing came through it. */
export class SilentWatchError extends Error {
  override readonly name = "SilentWatchError";
}

/** The server ended a watch at once and without a word: to ask again at once would go in circles. */
class FruitlessWatchError extends Error {
  override readonly name = "FruitlessWatchError";
}

export interface WatchSession<Raw extends KubeObject> {
  readonly client: KubeClient;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly watch: WatchOptions & { readonly signal: AbortSignal };
  readonly deadAfterMs: number;
  readonly onEvent: (event: WatchEvent<Raw>) => void;
}

/** A watch that ends sooner, without an event, has not been one. */
const leastMs = 1000;

/**
 * Hands on events until the server ends the watch in good order or the signal aborts.
 * @throws SilentWatchError, FruitlessWatchError, and what KubeClient.watch throws
 */
export async function followWatch<Raw extends KubeObject>(session: WatchSession<Raw>): Promise<void> {
  const { clock, deadAfterMs } = session;
  const began = clock.monotonic();
  const link = linkedAbort(session.watch.signal);
  let lastEvent = began;
  let events = 0;
  const listen = (): void => {
    const quietMs = clock.monotonic() - lastEvent;
    if (quietMs >= deadAfterMs) link.abort();
    else cancelTimer = clock.after(deadAfterMs - quietMs, listen);
  };
  let cancelTimer = clock.after(deadAfterMs, listen);
  try {
    const watch = session.client.watch<Raw>(session.resource, { ...session.watch, signal: link.signal });
    for await (const event of watch) {
      lastEvent = clock.monotonic();
      events += 1;
      session.onEvent(event);
    }
  } finally {
    cancelTimer();
    link.unlink();
  }
  if (session.watch.signal.aborted) return;
  if (link.signal.aborted) throw new SilentWatchError(`the watch was silent for ${deadAfterMs} ms`);
  if (events === 0 && clock.monotonic() - began < leastMs) throw new FruitlessWatchError("the watch ended at once");
}
