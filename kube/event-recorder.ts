/**
 * Tells people what happened to an object, as Kubernetes Events. Recording returns at once and never fails: Events are
 * sent one after another in the background, repetitions become a count, and what the server does not take is dropped.
 */
import type { KubeClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { NotFoundError } from "./errors.ts";
import { SeriesMemory, type Happening, type Series } from "./event-series.ts";
import type { Log } from "./log.ts";
import { events, type Event } from "./objects.ts";
import { timestamp } from "./timestamp.ts";

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Who says so: the controller's name, and which of its processes. */
  readonly component: string;
  readonly instance: string;
  readonly signal: AbortSignal;
}

export interface EventRecorder {
  record(happening: Happening): void;
  /** Resolves when all that was recorded so far has been sent or dropped. Never rejects. */
  flush(): Promise<void>;
}

/** Events that wait to be sent; while the server is slow, further ones are dropped. */
const maxPending = 200;

export function eventRecorder(options: EventRecorderOptions): EventRecorder {
  const { clock, log, signal } = options;
  const memory = new SeriesMemory(clock);
  // A series waits at most once: repetitions meanwhile only raise its count.
  const pending = new Set<Series>();
  let sending: Promise<void> | undefined;

  const sendAll = async (): Promise<void> => {
    for (const series of pending) {
      pending.delete(series);
      if (signal.aborted) continue;
      try {
        await send(options, series);
      } catch (error) {
        if (!signal.aborted)
          log.info({ err: error, reason: series.reason, ...series.regarding }, "an Event was dropped");
      }
    }
    sending = undefined;
  };

  return {
    record(happening) {
      if (signal.aborted) return;
      const series = memory.count(happening);
      if (pending.size >= maxPending && !pending.has(series)) return;
      pending.add(series);
      // Not at once: what is said twice in one breath is one write.
      sending ??= Promise.resolve().then(sendAll);
    },
    flush: () => sending ?? Promise.resolve(),
  };
}

/** Creates the Event, or writes the new count to it. */
async function send(options: EventRecorderOptions, series: Series): Promise<void> {
  const { client, signal } = options;
  const namespace = series.regarding.namespace ?? "default";
  const call = { signal, timeoutMs: 5000 };
  if (series.name !== undefined) {
    const body = { count: series.count, lastTimestamp: timestamp(series.last), message: series.message };
    try {
      await client.patch<Event>(events, { namespace, name: series.name }, { body, ...call });
      return;
    } catch (error) {
      // API servers forget Events after an hour.
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  const name = `${series.regarding.name.slice(0, 230)}.${randomHex(options.clock)}`;
  await client.create<Event>(events, eventOf(options, { ...series, name }), call);
  series.name = name;
}

function eventOf(options: EventRecorderOptions, series: Series & { readonly name: string }): Event {
  const namespace = series.regarding.namespace ?? "default";
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: series.name, namespace },
    involvedObject: series.regarding,
    type: series.type,
    reason: series.reason,
    message: series.message,
    count: series.count,
    firstTimestamp: timestamp(series.first),
    lastTimestamp: timestamp(series.last),
    source: { component: options.component },
    reportingComponent: options.component,
    reportingInstance: options.instance,
  };
}

function randomHex(clock: Clock): string {
  const digits = (): string =>
    Math.floor(clock.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return digits() + digits();
}
