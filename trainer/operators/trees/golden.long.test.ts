/** Every ensemble on every table against scikit-learn's scores, over twenty times as many seeds as these were taken over. */
import { describe, expect, it } from "vitest";
import { golden, heldOutScore, standardErrorsApart, summary, title } from "../../../test/builders/trees.ts";

describe("what is random scores what scikit-learn's does", () => {
  it.each(golden.scores.map((one) => ({ ...one, title: title(one) })))("$table: $title", (one) => {
    const ours = summary(Array.from({ length: 400 }, (_, seed) => heldOutScore(one, seed)));
    // Nearly all that is left of chance is scikit-learn's: of so many comparisons one in twenty is beyond 2, none beyond 3.5.
    expect(standardErrorsApart(ours, one)).toBeLessThan(3.5);
  });
});
