/**
 * Where the local cluster is meant to differ from Kubernetes: each case states what a real API server does, and the
 * reason says why the local one does not. On the local cluster such a case must fail, so that no line outlives its
 * difference; every other case of the contract holds on both.
 */
import { expect, test } from "vitest";
import type { HarnessOf } from "./harness.ts";

export const differences = {
  "the first update after a creation is a change, since it stores the defaults of the status":
    "one version more for each object, which nobody can rely on: any other write stores them too",
} as const satisfies Record<string, string>;

/** A case about a difference. */
export function differs(harness: HarnessOf, name: keyof typeof differences, run: () => Promise<void>): void {
  test(name, async () => {
    if (harness().local === true) await expect(run()).rejects.toThrow();
    else await run();
  });
}
