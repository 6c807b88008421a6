import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";

describe("the system's clock", () => {
  it("wakes a sleeper, and at once when its signal aborts", async () => {
    await systemClock.sleep(1);
    const stop = new AbortController();
    const hour = systemClock.sleep(3_600_000, stop.signal);
    stop.abort();
    await hour;
    await systemClock.sleep(3_600_000, stop.signal);
  });

  it("calls back once, unless it is cancelled", async () => {
    let calls = 0;
    const cancel = systemClock.after(0, () => expect.unreachable());
    cancel();
    await new Promise<void>((resolve) => systemClock.after(0, () => resolve(void (calls += 1))));
    expect(calls).toBe(1);
  });

  it("does not take a wait of years for one of no time", () => {
    let called = false;
    systemClock.after(1e12, () => (called = true))();
    expect(called).toBe(false);
  });
});
