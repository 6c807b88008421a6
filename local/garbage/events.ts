/**
 * Events are kept for an hour, as in Kubernetes: they are news, not records.
 */
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Event, events } from "../../kube/objects.ts";
import { startLoop } from "../loop.ts";
import type { Registry } from "../registry.ts";
import { parseTimestamp } from "../timestamp.ts";

const lifeMs = 3_600_000;
const intervalMs = 600_000;

/** @returns a function that stops it */
export function startEventExpiry(options: { registry: Registry; clock: Clock; log: Log }): () => void {
  const { registry, clock, log } = options;
  const loop = startLoop({
    name: "event expiry",
    clock,
    log,
    sync() {
      for (const event of registry.list<Event>(events)) {
        if (clock.now() - lastSeen(event) > lifeMs) remove(registry, event);
      }
      return intervalMs;
    },
  });
  loop.wake("all events");
  return () => loop.close();
}

function remove(registry: Registry, { metadata }: Event): void {
  const { namespace = "", name = "", uid = "" } = metadata;
  registry.delete(events, { namespace, name }, { uid });
}

/** Milliseconds since 1970; recorders fill in one or the other field. */
function lastSeen({ lastTimestamp, eventTime, series, metadata }: Event): number {
  const times = [lastTimestamp, series?.lastObservedTime, eventTime, metadata.creationTimestamp];
  return Math.max(...times.map((time) => parseTimestamp(time) ?? 0));
}
