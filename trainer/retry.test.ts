import { describe, expect, test } from "vitest";
import { TemporaryError } from "./errors.ts";
import { retrying } from "./retry.ts";
import { hastyClock } from "./scripted-clock.ts";

/** Fails with these errors, one a call, then answers. */
function failing(...errors: readonly Error[]): { attempt: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    attempt: async () => {
      const error = errors[calls++];
      if (error !== undefined) throw error;
      return "answer";
    },
    calls: () => calls,
  };
}
const away = (options = {}): TemporaryError => new TemporaryError("away", options);
const many = (count: number, options = {}): TemporaryError[] => Array.from({ length: count }, () => away(options));

describe("retrying", () => {
  test("tries again after temporary failures, each wait twice as long up to ten seconds, with jitter", async () => {
    const clock = hastyClock();
    const { attempt } = failing(...many(8));
    expect(await retrying(attempt, { clock, patienceMs: 1e9 })).toBe("answer");
    // random() is 0.5 here: three quarters of 250, 500 and so on.
    expect(clock.slept).toEqual([187.5, 375, 750, 1500, 3000, 6000, 7500, 7500]);
  });

  test("waits as long as it was asked to", async () => {
    const clock = hastyClock();
    await retrying(failing(away({ retryAfterMs: 30_000 })).attempt, { clock, patienceMs: 1e9 });
    expect(clock.slept).toEqual([30_000]);
  });

  test("throws the last failure when patience is at its end", async () => {
    const clock = hastyClock();
    const { attempt, calls } = failing(...many(100));
    await expect(retrying(attempt, { clock, patienceMs: 20_000 })).rejects.toThrow("away");
    expect(clock.monotonic()).toBeLessThanOrEqual(20_000);
    expect(calls()).toBeGreaterThan(5);
  });

  test("has no more patience than a failure deserves", async () => {
    const clock = hastyClock();
    await expect(
      retrying(failing(...many(100, { patienceMs: 3000 })).attempt, { clock, patienceMs: 1e9 }),
    ).rejects.toThrow();
    expect(clock.monotonic()).toBeLessThanOrEqual(3000);
    const once = failing(...many(2, { patienceMs: 0 }));
    await expect(retrying(once.attempt, { clock, patienceMs: 1e9 })).rejects.toThrow("away");
    expect(once.calls()).toBe(1);
  });

  test("does not try again what is not temporary", async () => {
    const { attempt, calls } = failing(new Error("a bug"));
    await expect(retrying(attempt, { clock: hastyClock(), patienceMs: 1e9 })).rejects.toThrow("a bug");
    expect(calls()).toBe(1);
  });

  test("waits no longer once it is told to give up", async () => {
    const abort = new AbortController();
    const clock = { ...hastyClock(), sleep: async () => abort.abort() };
    const { attempt, calls } = failing(...many(100));
    await expect(retrying(attempt, { clock, patienceMs: 1e9, signal: abort.signal })).rejects.toThrow("away");
    expect(calls()).toBe(2);
  });

  test("tells of trouble once", async () => {
    const told: string[] = [];
    const onTrouble = ({ message }: Error): void => void told.push(message);
    await retrying(failing(...many(3)).attempt, { clock: hastyClock(), patienceMs: 1e9, onTrouble });
    expect(told).toEqual(["away"]);
  });
});
