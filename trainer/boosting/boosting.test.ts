import { describe, expect, it } from "vitest";
import { aBoostingInput, boostedText, grown } from "../../test/builders/boosting.ts";
import { aClassTarget, friedman } from "../../test/builders/forest.ts";
import { type BoostingInput, prepareBoosting } from "./boosting.ts";

const smooth = friedman({ rows: 400, noise: 1 });
const values = smooth.target.problemType === "regression" ? smooth.target.values : new Float64Array(0);
const targets: Record<string, Partial<Parameters<typeof aBoostingInput>[0]>> = {
  "squared error": { target: smooth.target },
  "absolute error": { target: smooth.target, options: { loss: "absoluteError" } },
  "two classes": { target: aClassTarget(Array.from(values, (y) => (y > 14 ? 1 : 0))) },
  "three classes": {
    target: aClassTarget(
      Array.from(values, (y) => (y > 18 ? 2 : y > 12 ? 1 : 0)),
      ["a", "b", "c"],
    ),
  },
};

/** Twelve iterations of small trees on Friedman's data. */
function inputOf(
  name: string,
  options: NonNullable<Parameters<typeof aBoostingInput>[0]>["options"] = {},
): BoostingInput {
  const { target, options: own } = targets[name]!;
  return aBoostingInput({
    columns: smooth.columns,
    ...(target && { target }),
    options: { maxIter: 12, maxLeafNodes: 8, ...own, ...options },
  });
}

describe.each(Object.keys(targets))("boosting %s", (name) => {
  it("makes the training loss smaller with each iteration", () => {
    const lines = grown(prepareBoosting(inputOf(name)));
    expect(lines).toHaveLength(12);
    lines.slice(1).forEach((line, i) => expect(line.loss.train).toBeLessThan(lines[i]!.loss.train));
  });

  it("goes on with the same bytes after any iteration", () => {
    const earlyStopping = { validationFraction: "0.2" };
    const whole = boostedText(inputOf(name, { earlyStopping }));
    for (const done of [0, 1, 5, 11, 12]) {
      const boosting = prepareBoosting(inputOf(name, { earlyStopping }));
      for (const line of whole.slice(0, done)) boosting.replay(JSON.parse(line));
      expect(boosting.iterations).toBe(done);
      expect(grown(boosting).map((line) => JSON.stringify(line))).toEqual(whole.slice(done));
    }
  });
});
