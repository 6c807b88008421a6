import { describe, expect, it } from "vitest";
import { aPod, bad, good, lax } from "./restricted-cases.ts";
import { laxities, violations } from "./restricted.ts";

describe("the checker of restricted pods", () => {
  it.each(Object.entries(good))("finds nothing wrong with a restricted pod %s", (_, pod) => {
    expect(violations(pod)).toEqual([]);
  });

  it.each(Object.entries(bad))("finds a pod %s", (_, pod) => {
    expect(violations(pod)).not.toEqual([]);
  });

  it("finds a pod whose annotation takes its AppArmor profile away", () => {
    const profile = (value: string) => ({ "container.apparmor.security.beta.kubernetes.io/main": value });
    expect(violations(aPod(), profile("unconfined"))).toHaveLength(1);
    expect(violations(aPod(), profile("runtime/default"))).toEqual([]);
  });
});

describe("the checker of what we ask beyond that", () => {
  it.each(Object.entries(lax))("finds a pod %s", (_, pod) => {
    expect(laxities(pod)).not.toEqual([]);
    expect(laxities(aPod())).toEqual([]);
  });
});
