import { describe, expect, test } from "vitest";
import { systemClock } from "./clock.ts";

describe("the system's clock", () => {
  test("sleeps no longer than until the signal aborts, and does not reject", async () => {
    const abort = new AbortController();
    const sleeping = systemClock.sleep(3_600_000, abort.signal);
    abort.abort();
    await sleeping;
    await systemClock.sleep(3_600_000, abort.signal);
  });

  test("sleeps as long as it is told to", async () => {
    const begin = systemClock.monotonic();
    await systemClock.sleep(30);
    expect(systemClock.monotonic() - begin).toBeGreaterThan(25);
  });
});
