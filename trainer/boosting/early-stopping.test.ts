import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aBoostingInput, grown, rawScores } from "../../test/builders/boosting.ts";
import { aClassTarget, aRegressionTarget, friedman } from "../../test/builders/forest.ts";
import { random } from "../../traintask/random.ts";
import { prepareBoosting } from "./boosting.ts";
import { noLongerBetter, setAside } from "./early-stopping.ts";

const range = (length: number, first = 0): Uint32Array => Uint32Array.from({ length }, (_, i) => first + i);

describe("rows set aside", () => {
  const target = aRegressionTarget(Array.from({ length: 300 }, (_, i) => i));
  const options = { validationFraction: "0.2", seed: 5 };

  it("are a share of those given, and none of them is trained on", () => {
    const { train, validation } = setAside(range(100, 50), target, options);
    expect(validation).toHaveLength(20);
    expect([...train, ...validation].toSorted((a, b) => a - b)).toEqual(Array.from(range(100, 50)));
  });

  it("follow from the seed", () => {
    const rows = range(300);
    expect(setAside(rows, target, options)).toEqual(setAside(rows, target, options));
    expect(setAside(rows, target, options)).not.toEqual(setAside(rows, target, { ...options, seed: 6 }));
  });

  it("have each class in its share", () => {
    const codes = Array.from({ length: 300 }, (_, i) => (i < 30 ? 1 : 0));
    const { validation } = setAside(range(300), aClassTarget(codes), options);
    expect(validation.filter((row) => codes[row] === 1)).toHaveLength(6);
    expect(validation).toHaveLength(60);
  });
});

describe("boosting ends", () => {
  const rule = { validationFraction: "0.1", nIterNoChange: 2, tol: 0.5 };

  it("when none of the last losses is better than the one before them by more than tol", () => {
    expect(noLongerBetter([9, 9], rule)).toBe(false);
    expect(noLongerBetter([9, 9, 9], rule)).toBe(true);
    expect(noLongerBetter([9, 8.4, 9], rule)).toBe(false);
    expect(noLongerBetter([9, 8.5, 8.5], rule)).toBe(true);
    expect(noLongerBetter([9, 7, 7, 7], rule)).toBe(true);
    expect(noLongerBetter([9, 8, 7, 6.4], rule)).toBe(false);
  });

  const noisy = friedman({ rows: 200, noise: 1 });
  const generator = random(3);
  const noise = aRegressionTarget(Array.from({ length: 200 }, () => generator.uniform()));
  const earlyStopping = { validationFraction: "0.25", nIterNoChange: 4, tol: "0" };
  const input = aBoostingInput({
    columns: noisy.columns,
    target: noise,
    options: { maxIter: 200, minSamplesLeaf: 5, earlyStopping },
  });

  it("long before maxIter where there is nothing to learn, after as many losses as it waits for", () => {
    const boosting = prepareBoosting(input);
    const lines = grown(boosting);
    expect(boosting.stopped).toBe(true);
    expect(lines.length).toBeLessThan(100);
    const losses = lines.map(({ loss }) => loss.validation!);
    const best = Math.min(...losses.slice(-4));
    expect(best).toBeGreaterThanOrEqual(losses.at(-5) ?? -Infinity);
    expect(boosting.grow()).toBeUndefined();
  });

  it("at the same iteration in a run that went on from stored lines", () => {
    const whole = grown(prepareBoosting(input));
    const boosting = prepareBoosting(input);
    for (const line of whole.slice(0, 3)) boosting.replay(line);
    expect(grown(boosting)).toEqual(whole.slice(3));
    const done = prepareBoosting(input);
    for (const line of whole) done.replay(line);
    expect(done.stopped).toBe(true);
    expect(done.grow()).toBeUndefined();
  });

  it("judged by rows that no tree was grown from", () => {
    const table = { ...input, ...noisy, options: { ...input.options, maxIter: 15 } };
    const lines = grown(prepareBoosting(table));
    const { validation } = setAside(table.rows, table.target, { validationFraction: "0.25", seed: table.seed });
    const { target } = noisy;
    const truth = Array.from(validation, (row) => (target.problemType === "regression" ? target.values[row]! : NaN));
    const [scores] = rawScores(table, lines, Array.from(validation));
    const loss = scores!.reduce((sum, score, i) => sum + (score - truth[i]!) ** 2 / 2, 0) / truth.length;
    expect(lines.at(-1)!.loss.validation).toBeCloseTo(loss, 9);
    // Another target in these rows changes how they are judged and nothing else.
    const other = target.problemType === "regression" ? target.values.slice() : new Float64Array(0);
    const swap = [...validation].toSorted((a, b) => other[a]! - other[b]!).slice(0, 2) as [number, number];
    [other[swap[0]], other[swap[1]]] = [other[swap[1]]!, other[swap[0]]!];
    const swapped = grown(prepareBoosting({ ...table, target: { problemType: "regression", values: other } }));
    expect(swapped.map(({ trees }) => trees)).toEqual(lines.map(({ trees }) => trees));
    expect(swapped.at(-1)!.loss.validation).not.toBe(lines.at(-1)!.loss.validation);
  });

  it("never where early stopping is not asked for", () => {
    const { earlyStopping: _, ...options } = input.options;
    const lines = grown(prepareBoosting({ ...input, options: { ...options, maxIter: 30 } }));
    expect(lines).toHaveLength(30);
    expect(lines.every(({ loss }) => loss.validation === undefined)).toBe(true);
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 2 }), (few) => !noLongerBetter(few, rule)));
  });
});
