import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";
import { WorkQueue } from "./work-queue.ts";

const never = new AbortController().signal;
let clock: VirtualClock;
let queue: WorkQueue;
beforeEach(() => {
  clock = virtualClock();
  queue = new WorkQueue(clock);
});

/** Takes keys as they come, without finishing them. */
function collect(signal = never): string[] {
  const got: string[] = [];
  const loop = async (): Promise<void> => {
    for (let key = await queue.next(signal); key !== undefined; key = await queue.next(signal)) got.push(key);
  };
  void loop();
  return got;
}

describe("a work queue", () => {
  it("hands out keys in the order they were asked for", async () => {
    for (const key of ["b", "a", "c"]) queue.add(key);
    expect([await queue.next(never), await queue.next(never), await queue.next(never)]).toEqual(["b", "a", "c"]);
  });

  it("hands out a key once, however often it was asked for", async () => {
    const got = collect();
    for (let times = 0; times < 5; times++) queue.add("a");
    queue.add("b");
    await clock.settle();
    expect(got).toEqual(["a", "b"]);
  });

  it("waits until a key is due", async () => {
    const got = collect();
    queue.add("later", 100);
    await clock.advance(99);
    expect(got).toEqual([]);
    await clock.advance(1);
    expect(got).toEqual(["later"]);
  });

  it("lets the earliest time win, whichever came first", async () => {
    const got = collect();
    queue.add("a", 100);
    queue.add("a", 50);
    queue.add("b", 50);
    queue.add("b", 100);
    await clock.advance(50);
    expect(got).toEqual(["a", "b"]);
    await clock.advance(100);
    expect(got).toEqual(["a", "b"]);
    expect(queue.size).toBe(0);
  });

  it("gives no key to two workers at once, and gives it again when it was asked for meanwhile", async () => {
    const got = collect();
    queue.add("a");
    await clock.settle();
    queue.add("a");
    queue.add("a");
    await clock.advance(1000);
    expect(got).toEqual(["a"]);
    queue.done("a");
    await clock.settle();
    expect(got).toEqual(["a", "a"]);
    queue.done("a");
    await clock.advance(1000);
    expect(got).toEqual(["a", "a"]);
  });

  it("keeps to a later time that was asked for while the key was worked on", async () => {
    const got = collect();
    queue.add("a");
    await clock.settle();
    queue.add("a", 100);
    queue.done("a");
    await clock.advance(99);
    expect(got).toEqual(["a"]);
    await clock.advance(1);
    expect(got).toEqual(["a", "a"]);
  });

  it("serves a key that is due although an earlier alarm was set for another", async () => {
    const got = collect();
    queue.add("slow", 1000);
    queue.add("quick", 10);
    await clock.advance(10);
    expect(got).toEqual(["quick"]);
  });

  it("sends waiting workers home when their signal aborts, and serves the others", async () => {
    const stop = new AbortController();
    const leaving = queue.next(stop.signal);
    const staying = queue.next(never);
    queue.add("a", 10);
    stop.abort();
    expect(await leaving).toBeUndefined();
    await clock.advance(10);
    expect(await staying).toBe("a");
    expect(await queue.next(stop.signal)).toBeUndefined();
  });

  it("loses no key and hands none out early, whatever is asked for in whatever order", async () => {
    const steps = fc.array(
      fc.record({ key: fc.constantFrom("a", "b", "c", "d"), after: fc.nat(50), wait: fc.nat(20) }),
    );
    await fc.assert(
      fc.asyncProperty(steps, async (asked) => {
        clock = virtualClock();
        queue = new WorkQueue(clock);
        const due = new Map<string, number>();
        const stop = new AbortController();
        const worker = async (): Promise<void> => {
          for (let key = await queue.next(stop.signal); key !== undefined; key = await queue.next(stop.signal)) {
            expect(clock.monotonic()).toBeGreaterThanOrEqual(due.get(key) ?? Infinity);
            due.delete(key);
            queue.done(key);
          }
        };
        const workers = [worker(), worker()];
        for (const { key, after, wait } of asked) {
          due.set(key, Math.min(due.get(key) ?? Infinity, clock.monotonic() + after));
          queue.add(key, after);
          await clock.advance(wait);
        }
        await clock.advance(100);
        expect([...due.keys()]).toEqual([]);
        stop.abort();
        await Promise.all(workers);
      }),
      { numRuns: 50 },
    );
  });
});
