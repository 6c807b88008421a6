/**
 * The Lease object of an election, as pure functions: who holds it, and what to write to take, renew or release it.
 * Times in it are the holder's and serve people only; no one compares them with a clock of their own.
 */
import type { Lease, ObjectKey } from "./objects.ts";

/** What a candidate sees in a Lease. */
export interface LeaseView {
  /** Undefined when it was released. */
  readonly holder: string | undefined;
  /** Changes with every write: the sign of life of the holder. */
  readonly resourceVersion: string;
  /** Milliseconds without a sign of life after which the lease is free, as its holder asked for. */
  readonly durationMs: number | undefined;
}

export function viewOf(lease: Lease): LeaseView {
  const { holderIdentity, leaseDurationSeconds } = lease.spec ?? {};
  return {
    holder: holderIdentity === "" ? undefined : holderIdentity,
    resourceVersion: lease.metadata?.resourceVersion ?? "",
    durationMs: leaseDurationSeconds === undefined ? undefined : leaseDurationSeconds * 1000,
  };
}

/** The Lease as its holder writes it: new, taken over from `previous`, or renewed. `now` in ms since 1970. */
export function heldLease(
  key: ObjectKey,
  holder: { readonly identity: string; readonly durationMs: number; readonly now: number },
  previous?: Lease,
): Lease {
  const time = microTime(holder.now);
  const spec = previous?.spec;
  const renewed = spec?.holderIdentity === holder.identity;
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: previous?.metadata ?? { ...key },
    spec: {
      ...spec,
      holderIdentity: holder.identity,
      leaseDurationSeconds: Math.ceil(holder.durationMs / 1000),
      acquireTime: renewed ? (spec.acquireTime ?? time) : time,
      renewTime: time,
      leaseTransitions: (spec?.leaseTransitions ?? 0) + (renewed || previous === undefined ? 0 : 1),
    },
  };
}

/** The Lease without a holder: the next candidate need not wait. */
export function releasedLease(previous: Lease, now: number): Lease {
  const { holderIdentity: _holder, ...spec } = previous.spec ?? {};
  return { ...previous, spec: { ...spec, renewTime: microTime(now) } };
}

/** RFC 3339 with six decimals: Kubernetes' MicroTime accepts no other number of them. */
function microTime(now: number): string {
  return new Date(now).toISOString().replace("Z", "000Z");
}
