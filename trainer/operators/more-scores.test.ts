/** Held-out scores of operators that draw at random against scikit-learn's; 60 seeds of each are in more-scores.long.test.ts. */
import { describe, expect, it } from "vitest";
import { recordedScores, scoreOver } from "../../test/builders/operator-scores.ts";

/** Those take longer than all others together. */
const quick = recordedScores.filter(([name]) => !/^mlp .* on (iris|diabetes)$|^fastIca .* on wine$/.test(name));

describe("scores by chance as scikit-learn does", () => {
  it.each(quick)("%s", (_, recorded) => {
    const { mean, margin } = scoreOver(20, recorded);
    expect(Math.abs(mean - recorded.mean)).toBeLessThanOrEqual(margin);
  });
});
