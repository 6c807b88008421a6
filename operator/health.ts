/**
 * What the operator answers to probes. It is alive while its election moves: every few seconds the lease is tried or
 * renewed, whether or not the API server answers, for a restart would not bring that one back. It is ready when it acts
 * on full caches, or knows that another one leads and it stands by.
 *
 *     starting ──lease is another's──> standing by ──lease won──> filling ──caches full──> acting ──term over──> starting
 */
import type { Clock } from "../kube/clock.ts";
import type { ElectionObserver } from "../kube/leader.ts";

export type Phase = "starting" | "standing by" | "filling" | "acting";

/** The longest wait between two attempts is half of that: a back-off, and a call that hangs. */
const stuckAfterMs = 60_000;

export class Health implements ElectionObserver {
  readonly #clock: Pick<Clock, "monotonic">;
  #phase: Phase = "starting";
  #triedAt: number;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#triedAt = clock.monotonic();
  }

  trying(): void {
    this.#triedAt = this.#clock.monotonic();
  }

  standingBy(): void {
    this.#phase = "standing by";
  }

  /** A term began, got its caches full, or ended. */
  enter(phase: Phase): void {
    this.#phase = phase;
  }

  /** Why a restart would help; undefined while none is needed. */
  unhealthy(): string | undefined {
    const silentMs = this.#clock.monotonic() - this.#triedAt;
    if (silentMs < stuckAfterMs) return undefined;
    return `the election is stuck: the lease was last tried ${Math.round(silentMs / 1000)} s ago`;
  }

  /** Why it is not ready; undefined when it is. */
  unready(): string | undefined {
    if (this.#phase === "starting") return "the lease has not been read yet, or was just lost";
    if (this.#phase === "filling") return "the caches are being filled";
    return undefined;
  }
}
