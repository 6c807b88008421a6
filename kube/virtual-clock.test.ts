import { describe, expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.ts";

describe("a virtual clock", () => {
  it("stands still until it is told to go on", async () => {
    const clock = virtualClock({ now: 1000 });
    await clock.settle();
    expect([clock.now(), clock.monotonic()]).toEqual([1000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1250, 250]);
  });

  it("runs timers in the order of their time, then of their making, each at its own time", async () => {
    const clock = virtualClock();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${clock.monotonic()}`);
    clock.after(30, note("c"));
    clock.after(10, note("a"));
    clock.after(30, note("d"));
    clock.after(20, note("b"));
    clock.after(31, note("too late"));
    await clock.advance(30);
    expect(ran).toEqual(["a at 10", "b at 20", "c at 30", "d at 30"]);
    expect(clock.pending).toBe(1);
  });

  it("runs timers that timers set on the way", async () => {
    const clock = virtualClock();
    let ticks = 0;
    const tick = (): void => {
      ticks += 1;
      clock.after(10, tick);
    };
    clock.after(10, tick);
    await clock.advance(100);
    expect(ticks).toBe(10);
  });

  it("lets promises settle between two timers", async () => {
    const clock = virtualClock();
    const ran: string[] = [];
    const slow = async (): Promise<void> => {
      await clock.sleep(10);
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      ran.push("what the first set off");
    };
    const started = slow();
    clock.after(11, () => ran.push("the second"));
    await clock.advance(20);
    await started;
    expect(ran).toEqual(["what the first set off", "the second"]);
  });

  it("forgets a timer that was cancelled", async () => {
    const clock = virtualClock();
    const cancel = clock.after(10, () => expect.unreachable());
    cancel();
    await clock.advance(20);
    expect(clock.pending).toBe(0);
  });

  it("wakes a sleeper at its time, or when its signal aborts", async () => {
    const clock = virtualClock();
    const stop = new AbortController();
    let woken = 0;
    const sleeper = clock.sleep(1000, stop.signal).then(() => (woken += 1));
    const aborted = clock.sleep(1000, AbortSignal.abort()).then(() => (woken += 1));
    await clock.settle();
    expect(woken).toBe(1);
    stop.abort();
    await Promise.all([sleeper, aborted]);
    expect([woken, clock.pending, clock.monotonic()]).toEqual([2, 0, 0]);
  });

  it("goes on until a condition holds, and not further", async () => {
    const clock = virtualClock();
    let done = false;
    clock.after(500, () => (done = true));
    clock.after(900, () => expect.unreachable());
    await clock.advanceUntil(() => done);
    expect(clock.monotonic()).toBe(500);
    await expect(clock.advanceUntil(() => false, 100)).rejects.toThrow("100 ms");
  });

  it("can let the wall clock jump, which timers do not notice", async () => {
    const clock = virtualClock({ now: 0 });
    let ran = false;
    clock.after(10, () => (ran = true));
    clock.jump(-3_600_000);
    expect(clock.now()).toBe(-3_600_000);
    await clock.advance(9);
    expect(ran).toBe(false);
    await clock.advance(1);
    expect(ran).toBe(true);
  });

  it("gives the same chance for the same seed", () => {
    const draw = (seed: number): number[] => {
      const clock = virtualClock({ seed });
      return Array.from({ length: 100 }, () => clock.random());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(3).every((value) => value >= 0 && value < 1)).toBe(true);
  });
});
