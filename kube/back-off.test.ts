import { describe, expect, it } from "vitest";
import { backOffDelay } from "./back-off.ts";
import { apiError } from "./errors.ts";

const backOff = { baseMs: 500, maxMs: 30_000 };

describe("the wait after a failure", () => {
  const cases: Record<string, [failures: number, random: number, expected: number]> = {
    "is at least half of the base the first time": [1, 0, 250],
    "is nearly the base at most the first time": [1, 0.999, 500],
    "is twice as long the second time": [2, 0, 500],
    "is eight times as long the fourth time": [4, 0.5, 3000],
    "does not pass the limit": [9, 1, 30_000],
    "does not overflow": [5000, 1, 30_000],
  };
  for (const [name, [failures, random, expected]] of Object.entries(cases)) {
    it(name, () => expect(backOffDelay({ failures }, backOff, random)).toBe(expected));
  }

  it("comes on top of what Retry-After asks for", () => {
    const error = apiError({ code: 429, details: { retryAfterSeconds: 7 } });
    expect(backOffDelay({ failures: 1, error }, backOff, 0)).toBe(7250);
    expect(backOffDelay({ failures: 1, error: apiError({ code: 429 }) }, backOff, 0)).toBe(250);
  });
});
