import { describe, expect, it } from "vitest";
import { completesAlthoughKilled } from "./kill.ts";

describe("the program killed in mid-training", () => {
  it(
    "completes after four kills at random moments, with the digest of an undisturbed run",
    { timeout: 600_000 },
    async () => {
      const killed = await completesAlthoughKilled({ seed: 7, trees: 900, rows: 3000, kills: 4 });
      expect(killed).toBeGreaterThanOrEqual(3);
    },
  );
});
