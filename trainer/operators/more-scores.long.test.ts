/** Held-out scores of operators that draw at random against scikit-learn's, over 60 seeds of ours. */
import { describe, expect, it } from "vitest";
import { recordedScores, scoreOver } from "../../test/builders/operator-scores.ts";

describe("scores by chance as scikit-learn does", () => {
  it.each(recordedScores)("%s", (_, recorded) => {
    const { mean, margin } = scoreOver(60, recorded);
    expect(Math.abs(mean - recorded.mean)).toBeLessThanOrEqual(margin);
  });
});
