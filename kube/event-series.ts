/**
 * Which happenings are the same Event. The same words about the same object are one Event whose count grows; an object
 * that has too many different things to say under one reason gets one Event for the rest. The memory of it is
 * bounded: what was not heard of for longest is forgotten, and would begin a new Event.
 */
import type { Clock } from "./clock.ts";

/** The object that an Event is about, as it names itself. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for cluster-scoped objects; their Events stand in the namespace "default". */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

export interface Happening {
  readonly regarding: Regarding;
  readonly type: "Normal" | "Warning";
  /** One word in CamelCase. */
  readonly reason: string;
  /** For people; what is longer than 1,024 characters is cut off. */
  readonly message: string;
}

/** One Event in the making. */
export interface Series {
  readonly regarding: Regarding;
  readonly type: Happening["type"];
  readonly reason: string;
  message: string;
  count: number;
  /** Milliseconds since 1970. */
  readonly first: number;
  last: number;
  /** Name of the Event once it was created. */
  name?: string;
}

const maxSeries = 1000;
const maxMessageLength = 1024;
/** So many different messages under one reason, each within the window after the last, are told one by one. */
const maxSimilar = 10;
const similarWindowMs = 600_000;

export class SeriesMemory {
  readonly #clock: Clock;
  readonly #series = new Map<string, Series>();
  readonly #similar = new Map<string, { readonly messages: Set<string>; last: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts the happening, and answers the series that it belongs to. */
  count(happening: Happening): Series {
    const now = this.#clock.now();
    const { regarding, reason, type } = happening;
    const topic = JSON.stringify([regarding.uid, regarding.name, type, reason]);
    const text = happening.message.slice(0, maxMessageLength);
    const combined = this.#isOneTooMany(topic, text);
    const id = combined ? topic : `${topic}${text}`;
    const message = combined ? `(combined from similar events): ${text}` : text;
    const series = this.#series.get(id) ?? { regarding, type, reason, message, count: 0, first: now, last: now };
    series.message = message;
    series.count += 1;
    series.last = now;
    touch(this.#series, id, series);
    return series;
  }

  #isOneTooMany(topic: string, message: string): boolean {
    const now = this.#clock.monotonic();
    const known = this.#similar.get(topic);
    const recent =
      known !== undefined && now - known.last < similarWindowMs ? known : { messages: new Set<string>(), last: now };
    recent.last = now;
    touch(this.#similar, topic, recent);
    if (recent.messages.has(message)) return false;
    if (recent.messages.size >= maxSimilar) return true;
    recent.messages.add(message);
    return false;
  }
}

/** Makes the entry the newest, and forgets the oldest when there are too many. */
function touch<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxSeries && oldest !== undefined) map.delete(oldest);
}
