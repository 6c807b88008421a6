/**
 * Leader election over a Lease, by client-go's rules: who holds the lease renews it every few seconds; the others take
 * it when they have seen no write to it for its whole duration, measured on their own monotonic clocks, so
 * that clocks which disagree do no harm. A holder stops before others may begin:
 *
 *     last renewal sent ──── renewDeadline: leads no more ──── duration: others may take over
 *                                         └─ margin: writes under way end ─┘
 */
import { backOffDelay } from "./back-off.ts";
import type { KubeClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { AlreadyExistsError, ConflictError, NotFoundError } from "./errors.ts";
import { heldLease, releasedLease, viewOf } from "./lease.ts";
import { linkedAbort, type LinkedAbort } from "./linked-abort.ts";
import type { Log } from "./log.ts";
import { leases, type Lease, type ObjectKey } from "./objects.ts";

/** The time from winning an election to losing it. */
export interface Term {
  /** Aborts when the lease is lost, or the election is stopped. */
  readonly signal: AbortSignal;
  /** Whether the lease was renewed in time. Ask before each write: a process that was stopped for a while may not
   * have noticed yet that its term is over. */
  isLeading(): boolean;
}

/** Told how an election goes, for probes. */
export interface ElectionObserver {
  /** An attempt to get or to renew the lease begins. Long without one, the election is stuck. */
  trying(): void;
  /** The lease was read, and is another's. */
  standingBy(): void;
}

export interface ElectionOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly lease: ObjectKey;
  /** Unlike that of any other candidate, also of this program's other runs. */
  readonly identity: string;
  /** The work of a leader. It must end soon after the term's signal aborts; only then is the lease released. */
  readonly lead: (term: Term) => Promise<void>;
  /** Default 15,000. */
  readonly durationMs?: number;
  /** Default 10,000; what is missing to `durationMs` is the time that writes under way have to end. */
  readonly renewDeadlineMs?: number;
  /** From one attempt or renewal to the next. Default 2,000. */
  readonly retryMs?: number;
  readonly observe?: ElectionObserver;
}

/** An election's own calls: a hung one must leave time for another within the renew deadline. */
const callTimeoutMs = 4000;

/** Campaigns, leads, and campaigns again, until the signal aborts and the last term's work has ended. Never rejects. */
export async function runElection(options: ElectionOptions): Promise<void> {
  const candidate = new Candidate(options);
  while (!options.signal.aborted) {
    if (await candidate.campaign()) await candidate.serve();
  }
}

class Candidate {
  readonly #options: Required<Omit<ElectionOptions, "observe">> & Pick<ElectionOptions, "observe">;
  /** The last write to the lease that was seen, and when (monotonic ms) it was first seen. */
  #seen: { readonly resourceVersion: string; readonly at: number } | undefined;
  /** The lease as we wrote it last. */
  #held: Lease | undefined;
  /** When (monotonic ms) the last renewal that succeeded was sent. */
  #renewedAt = -Infinity;

  constructor(options: ElectionOptions) {
    this.#options = { durationMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2000, ...options };
  }

  /** Tries until the lease is ours; false when stopped before. */
  async campaign(): Promise<boolean> {
    const { clock, lease, log, retryMs, signal } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      let waitMs = retryMs * (1 + 0.2 * clock.random());
      try {
        if (await this.#take()) return true;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return false;
        failures += 1;
        waitMs = backOffDelay({ failures, error }, { baseMs: retryMs, maxMs: 15_000 }, clock.random());
        log.error({ err: error, lease, retryAfterMs: waitMs }, "the lease cannot be read or taken");
      }
      await clock.sleep(waitMs, signal);
    }
    return false;
  }

  /** Leads until the lease is lost, the work ends or the election is stopped. */
  async serve(): Promise<void> {
    const { clock, lease, identity, log, renewDeadlineMs, retryMs, signal } = this.#options;
    const link = linkedAbort(signal);
    const isLeading = (): boolean => !link.signal.aborted && clock.monotonic() - this.#renewedAt < renewDeadlineMs;
    log.info({ lease, identity }, "leading");
    const cancelDeadline = this.#atDeadline(() => link.abort());
    const work = this.#work({ signal: link.signal, isLeading }).finally(() => link.abort());
    await this.#renewWhile(link);
    cancelDeadline();
    await work;
    link.unlink();
    log.info({ lease, identity }, "leading no more");
    await this.#release();
    // A term that ended by itself must not begin again in the same moment.
    await clock.sleep(retryMs, signal);
  }

  async #work(term: Term): Promise<void> {
    try {
      await this.#options.lead(term);
    } catch (error) {
      this.#options.log.error({ err: error }, "the leader's work failed");
    }
  }

  /** Calls back once no renewal has succeeded for the renew deadline, also when a renewal hangs at that moment. */
  #atDeadline(expire: () => void): () => void {
    const { clock, renewDeadlineMs } = this.#options;
    let cancel: () => void = () => undefined;
    const look = (): void => {
      const leftMs = this.#renewedAt + renewDeadlineMs - clock.monotonic();
      if (leftMs <= 0) expire();
      else cancel = clock.after(leftMs, look);
    };
    look();
    return () => cancel();
  }

  /** Renews every few seconds until the term is over, and ends it when the lease is in other hands. */
  async #renewWhile(term: LinkedAbort): Promise<void> {
    const { clock, lease, log, retryMs } = this.#options;
    while (!term.signal.aborted) {
      await clock.sleep(retryMs, term.signal);
      if (term.signal.aborted) return;
      try {
        if (!(await this.#renew(term.signal))) term.abort();
      } catch (error) {
        if (!term.signal.aborted) log.error({ err: error, lease }, "the lease was not renewed");
      }
    }
  }

  /** One attempt to get the lease. */
  async #take(): Promise<boolean> {
    const { observe, signal } = this.#options;
    observe?.trying();
    const lease = await this.#read(signal);
    if (lease !== undefined && !this.#isFree(lease)) {
      observe?.standingBy();
      return false;
    }
    try {
      await this.#write(lease, signal);
      return true;
    } catch (error) {
      // Another candidate was quicker.
      if (error instanceof ConflictError || error instanceof AlreadyExistsError) return false;
      throw error;
    }
  }

  /** False when the lease is not ours any more, or was deleted: it may be in other hands already. */
  async #renew(signal: AbortSignal): Promise<boolean> {
    this.#options.observe?.trying();
    try {
      await this.#write(this.#held, signal);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      if (!(error instanceof ConflictError)) throw error;
    }
    // Someone wrote to it: we ourselves, if only the answer was lost; a label was set; or it was taken.
    const lease = await this.#read(signal);
    if (lease === undefined || viewOf(lease).holder !== this.#options.identity) return false;
    await this.#write(lease, signal);
    return true;
  }

  #isFree(lease: Lease): boolean {
    const { clock, durationMs, identity } = this.#options;
    const view = viewOf(lease);
    const now = clock.monotonic();
    if (this.#seen?.resourceVersion !== view.resourceVersion) {
      this.#seen = { resourceVersion: view.resourceVersion, at: now };
    }
    if (view.holder === undefined || view.holder === identity) return true;
    return now - this.#seen.at >= (view.durationMs ?? durationMs);
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#options.client.get<Lease>(leases, this.#options.lease, { signal, timeoutMs: callTimeoutMs });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** Writes the lease as ours; without `previous` it must not be there, with it it must be unchanged. */
  async #write(previous: Lease | undefined, signal: AbortSignal): Promise<void> {
    const { client, clock, durationMs, identity, lease } = this.#options;
    const call = { signal, timeoutMs: callTimeoutMs };
    const held = heldLease(lease, { identity, durationMs, now: clock.now() }, previous);
    // Others count from when they see this write, which is after now.
    const sentAt = clock.monotonic();
    this.#held = await (previous === undefined ? client.create(leases, held, call) : client.update(leases, held, call));
    this.#renewedAt = sentAt;
  }

  /** Frees the lease if it is still as we wrote it last. */
  async #release(): Promise<void> {
    const { client, clock, log, lease } = this.#options;
    if (this.#held === undefined) return;
    try {
      await client.update(leases, releasedLease(this.#held, clock.now()), { timeoutMs: callTimeoutMs });
    } catch (error) {
      if (error instanceof ConflictError || error instanceof NotFoundError) return;
      log.error({ err: error, lease }, "the lease was not released; it will expire");
    }
  }
}
