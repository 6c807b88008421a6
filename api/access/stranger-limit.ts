/**
 * Bounds what made-up tokens cost the Kubernetes API server, which is asked about each. A token that it has vouched for
 * lately is known, and asked about as often as need be. Any other takes a permit, of its address and of all addresses
 * together, and gives it back when the token turns out to be good: so those who have one use up nothing, and strangers
 * who try one after the other are told to wait without anybody being asked.
 */
import type { Clock } from "../../kube/clock.ts";
import { Problem } from "../problem.ts";

/** Behind a proxy all callers have its address, so one address may have many strangers. */
const ofOneAddress = { burst: 100, perSecond: 20 };
const ofAll = { burst: 300, perSecond: 60 };
const maxAddresses = 10_000;
const maxKnown = 10_000;

export interface Stranger {
  /** Stands for the token, and is not the token. */
  readonly key: string;
  /** Address that the request comes from. */
  readonly from: string | undefined;
}

export interface StrangerLimit {
  /**
   * Asks about a token.
   * @param question answers undefined for a token that is not good
   * @throws TooManyStrangers, a Problem 429, when too many were asked about that were not good, and what the question throws
   */
  review<T>(stranger: Stranger, question: () => Promise<T | undefined>): Promise<T | undefined>;
}

export class TooManyStrangers extends Problem {
  constructor() {
    super({
      status: 429,
      detail: "Too many tokens were sent that Kubernetes does not know. Try again in a moment.",
      headers: { "retry-after": "1" },
    });
  }
}

export function strangerLimit(clock: Pick<Clock, "monotonic">): StrangerLimit {
  const known = new Set<string>();
  const addresses = new Map<string, Permits>();
  const everybody = new Permits(ofAll, clock.monotonic());
  const permitsOf = (from = ""): Permits => {
    const permits = addresses.get(from) ?? new Permits(ofOneAddress, clock.monotonic());
    addresses.delete(from);
    keepNewest(addresses, maxAddresses);
    addresses.set(from, permits);
    return permits;
  };
  const know = (key: string): void => {
    known.delete(key);
    keepNewest(known, maxKnown);
    known.add(key);
  };
  return {
    async review({ key, from }, question) {
      const permits = known.has(key) ? [] : [permitsOf(from), everybody];
      takeAll(permits, clock.monotonic());
      const answer = await question();
      if (answer === undefined) known.delete(key);
      else {
        know(key);
        for (const one of permits) one.giveBack();
      }
      return answer;
    },
  };
}

/** So many at once, and so many more each second. */
class Permits {
  readonly #limit: { readonly burst: number; readonly perSecond: number };
  #left: number;
  #countedAt: number;

  constructor(limit: { readonly burst: number; readonly perSecond: number }, now: number) {
    this.#limit = limit;
    this.#left = limit.burst;
    this.#countedAt = now;
  }

  take(now: number): boolean {
    const { burst, perSecond } = this.#limit;
    this.#left = Math.min(burst, this.#left + ((now - this.#countedAt) / 1000) * perSecond);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  giveBack(): void {
    this.#left += 1;
  }
}

/** @throws TooManyStrangers, and then none is taken */
function takeAll(permits: readonly Permits[], now: number): void {
  const taken: Permits[] = [];
  for (const one of permits) {
    if (one.take(now)) taken.push(one);
    else {
      for (const other of taken) other.giveBack();
      throw new TooManyStrangers();
    }
  }
}

/** Makes room for one more: the oldest goes. */
function keepNewest(entries: Map<string, unknown> | Set<string>, max: number): void {
  const [oldest] = entries.keys();
  if (oldest !== undefined && entries.size >= max) entries.delete(oldest);
}
