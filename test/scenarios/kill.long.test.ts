import { describe, it } from "vitest";
import { completesAlthoughKilled } from "./kill.ts";

describe("the program killed in mid-training, 50 seeds", () => {
  for (const seed of Array.from({ length: 50 }, (_, index) => index))
    it(`completes with the digest of an undisturbed run, seed ${seed}`, { timeout: 600_000 }, async () => {
      await completesAlthoughKilled({ seed, trees: 800, rows: 3000, kills: 5 });
    });
});
