import { beforeEach, describe, expect, it } from "vitest";
import { virtualClock, type VirtualClock } from "../kube/virtual-clock.ts";
import { Health } from "./health.ts";

let clock: VirtualClock;
let health: Health;
beforeEach(() => {
  clock = virtualClock();
  health = new Health(clock);
});

describe("an operator's health", () => {
  it("is good for a minute without an attempt to get or renew the lease, and not for longer", async () => {
    await clock.advance(59_999);
    expect(health.unhealthy()).toBeUndefined();
    await clock.advance(1);
    expect(health.unhealthy()).toBe("the election is stuck: the lease was last tried 60 s ago");
    health.trying();
    expect(health.unhealthy()).toBeUndefined();
  });
});

describe("an operator", () => {
  it("is ready when it acts or stands by, and neither before nor between", () => {
    expect(health.unready()).toMatch(/lease/);
    health.standingBy();
    expect(health.unready()).toBeUndefined();
    health.enter("filling");
    expect(health.unready()).toMatch(/caches/);
    health.enter("acting");
    expect(health.unready()).toBeUndefined();
    health.enter("starting");
    expect(health.unready()).toMatch(/lease/);
  });
});
