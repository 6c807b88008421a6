/** Ensembles that are fitted with few members first. */
import { describe, expect, it } from "vitest";
import { aFitInput, classTarget, numberTarget, parametersOf } from "../../test/builders/operators.ts";
import { operators } from "./table.ts";

describe("an ensemble that was begun small", () => {
  const x = Array.from({ length: 30 }, (_, i) => [i % 7, (i * 5) % 11, i / 3]);
  const targets = {
    numbers: numberTarget(x.map(([a, b]) => a! * 3 + Math.sin(b!))),
    "two classes": classTarget(x.map(([a, b]) => (a! + b! > 8 ? 1 : 0))),
    "four classes": classTarget(x.map(([a, b]) => (a! + b!) % 4)),
  };
  const names = ["randomForest", "extraTrees", "gradientBoosting", "adaBoost"] as const;
  const cases = names.flatMap((name) => Object.entries(targets).map(([kind, target]) => ({ name, kind, target })));

  it.each(cases)("goes on to the very ensemble that would have been fitted: $name, $kind", ({ name, target }) => {
    const operator = operators[name];
    const input = aFitInput(x, target);
    const of = (nEstimators: number) =>
      parametersOf(name, { nEstimators, ...(name === "adaBoost" && { learningRate: 0.5 }) });
    const whole = JSON.stringify(operator.fit(input, of(12)));
    for (const begun of [1, 5, 12]) {
      const fitted = JSON.parse(JSON.stringify(operator.fit(input, of(begun)))) as object;
      const before = JSON.stringify(fitted);
      expect(JSON.stringify(operator.growing!.extend(input, of(12), fitted))).toBe(whole);
      expect(JSON.stringify(fitted)).toBe(before);
    }
    expect(operator.parameters[operator.growing!.parameter]).toEqual([operator.growing!.members]);
  });

  it.each(names)("keeps the trees that it has: %s", (name) => {
    const { growing } = operators[name];
    const input = aFitInput(x, targets.numbers);
    const fitted = operators[name].fit(input, parametersOf(name, { nEstimators: 3 })) as { value: number[] };
    const other = { ...fitted, value: fitted.value.map((leaf, i) => (i === 0 ? leaf + 1e-3 : leaf)) };
    const whole = growing!.extend(input, parametersOf(name, { nEstimators: 5 }), other) as { value: number[] };
    expect(whole.value.slice(0, fitted.value.length)).toEqual(other.value);
  });
});
