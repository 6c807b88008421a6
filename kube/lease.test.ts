import { describe, expect, it } from "vitest";
import { heldLease, releasedLease, viewOf } from "./lease.ts";

const key = { namespace: "default", name: "operator" };
const at = (second: number): number => Date.UTC(2030, 0, 1, 0, 0, second);
const holder = (identity: string, second: number): Parameters<typeof heldLease>[1] => ({
  identity,
  durationMs: 15_000,
  now: at(second),
});

describe("a lease", () => {
  const first = heldLease(key, holder("one", 0));

  it("that is new begins with its holder, in Kubernetes' MicroTime", () => {
    expect(first).toMatchObject({
      metadata: key,
      spec: {
        holderIdentity: "one",
        leaseDurationSeconds: 15,
        acquireTime: "2030-01-01T00:00:00.000000Z",
        renewTime: "2030-01-01T00:00:00.000000Z",
        leaseTransitions: 0,
      },
    });
  });

  it("that is renewed keeps when it was acquired", () => {
    const { spec } = heldLease(key, holder("one", 2), first);
    expect(spec).toMatchObject({ acquireTime: first.spec?.acquireTime, leaseTransitions: 0 });
    expect(spec?.renewTime).toBe("2030-01-01T00:00:02.000000Z");
  });

  it("that is taken over counts the transition, and keeps the version that must not have changed", () => {
    const stored = { ...first, metadata: { ...key, resourceVersion: "7" } };
    const taken = heldLease(key, holder("two", 30), stored);
    expect(taken.spec).toMatchObject({
      holderIdentity: "two",
      acquireTime: "2030-01-01T00:00:30.000000Z",
      leaseTransitions: 1,
    });
    expect(taken.metadata?.resourceVersion).toBe("7");
  });

  it("that is released has no holder, by absence as client-go writes it, or by an empty name", () => {
    const released = releasedLease(first, at(5));
    expect(released.spec).not.toHaveProperty("holderIdentity");
    expect(viewOf(released).holder).toBeUndefined();
    expect(viewOf({ spec: { holderIdentity: "" } }).holder).toBeUndefined();
  });
});
