import { describe, expect, it } from "vitest";
import { aBoostingInput, grown } from "../../test/builders/boosting.ts";
import { aCategoryColumn, aClassTarget, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { BoostingOptionError, type BoostingInput, FiniteError, prepareBoosting, ReplayError } from "./boosting.ts";

const letters = Array.from({ length: 20 }, (_, i) => `c${i}`);
const twenty = Array.from({ length: 20 }, (_, i) => i);

const badOptions: [field: string, words: RegExp, input: Parameters<typeof aBoostingInput>[0]][] = [
  ["loss", /has classes: use logLoss/, { target: aClassTarget([0, 1, 0, 1]), options: { loss: "squaredError" } }],
  ["loss", /has classes: use logLoss/, { target: aClassTarget([0, 1, 0, 1]), options: { loss: "absoluteError" } }],
  ["loss", /has numbers: use squaredError/, { options: { loss: "logLoss" } }],
  ["learningRate", /more than 0/, { options: { learningRate: "0" } }],
  ["learningRate", /more than 0/, { options: { learningRate: "0.000" } }],
  ["earlyStopping.validationFraction", /more than 0/, { options: { earlyStopping: { validationFraction: "0.0" } } }],
  [
    "earlyStopping.validationFraction",
    /0.1 of 4 rows sets none aside/,
    { options: { earlyStopping: { validationFraction: "0.1" } } },
  ],
  ["maxBins", /column c has 20 categories/, { columns: [aCategoryColumn(twenty, letters)], options: { maxBins: 19 } }],
];

describe("an option that does not fit is refused by its name:", () => {
  it.each(badOptions)("%s, %s", (field, words, overrides) => {
    let caught: unknown;
    try {
      prepareBoosting(aBoostingInput(overrides));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(BoostingOptionError);
    expect((caught as BoostingOptionError).field).toBe(field);
    expect((caught as BoostingOptionError).message).toMatch(words);
  });

  it.each(["l2Regularization", "learningRate"] as const)("%s that is no number", (field) => {
    const input = aBoostingInput();
    const options = { ...input.options, [field]: "much" };
    expect(() => prepareBoosting({ ...input, options })).toThrow(`${field}: must be a decimal number`);
  });
});

const badData: Record<string, [BoostingInput, RegExp]> = {
  "no row": [{ ...aBoostingInput(), rows: new Uint32Array(0) }, /no row to train on/],
  "no row with a weight": [aBoostingInput({ weights: new Float64Array(4) }), /no row to train on/],
  "no column": [{ ...aBoostingInput(), columns: [] }, /no column to learn from/],
  "an infinite number": [
    aBoostingInput({ columns: [aNumberColumn([1, 2, Infinity, 4])] }),
    /column x holds an infinite/,
  ],
  "a missing target": [aBoostingInput({ target: aRegressionTarget([1, 2, NaN, 4]) }), /target of row 2 is missing/],
  "an infinite target": [aBoostingInput({ target: aRegressionTarget([1, 2, 3, -Infinity]) }), /target of row 3/],
  "a missing class": [aBoostingInput({ target: aClassTarget([0, 1, 2, 1]) }), /class of row 2 is missing/],
  "a negative weight": [aBoostingInput({ weights: Float64Array.of(1, -1, 1, 1) }), /weight of row 1 is -1/],
  "a weight that is no number": [aBoostingInput({ weights: Float64Array.of(1, 1, 1, NaN) }), /weight of row 3 is NaN/],
};

describe("data that cannot be trained on is refused:", () => {
  it.each(Object.entries(badData))("%s", (_, [input, words]) => {
    expect(() => prepareBoosting(input)).toThrow(words);
  });

  it("targets so large that their squares are infinite end training, not the model", () => {
    const input = aBoostingInput({ target: aRegressionTarget([-1e200, 1e200, -1e200, 1e200]) });
    expect(() => grown(prepareBoosting(input))).toThrow(FiniteError);
  });
});

describe("a stored line is refused that", () => {
  const input = aBoostingInput({ target: aRegressionTarget([1, 5, 2, 8]) });
  const [first, second] = grown(prepareBoosting(input));

  it("leads to another loss than it says, be it by the last bit", () => {
    const train = first!.loss.train * (1 + Number.EPSILON);
    expect(() => prepareBoosting(input).replay({ ...first!, loss: { train } })).toThrow(ReplayError);
    const [tree] = first!.trees;
    const value = tree!.value.map((leaf, i) => (i === 0 ? leaf * (1 + 1e-9) : leaf));
    expect(() => prepareBoosting(input).replay({ ...first!, trees: [{ ...tree!, value }] })).toThrow(
      /another table or/,
    );
  });

  it("was made from another table", () => {
    const other = aBoostingInput({ target: aRegressionTarget([1, 5, 2, 8.5]) });
    expect(() => prepareBoosting(other).replay(first!)).toThrow(ReplayError);
  });

  it("has a validation loss where none is asked for", () => {
    const loss = { ...first!.loss, validation: 1 };
    expect(() => prepareBoosting(input).replay({ ...first!, loss })).toThrow(ReplayError);
  });

  it("comes out of turn, or after the last", () => {
    expect(() => prepareBoosting(input).replay(second!)).toThrow(/iteration 1 cannot follow 0 iterations/);
    const boosting = prepareBoosting({ ...input, options: { ...input.options, maxIter: 1 } });
    boosting.replay(first!);
    expect(boosting.grow()).toBeUndefined();
    expect(() => boosting.replay(second!)).toThrow(/follows the last one/);
  });

  it("has another number of trees, or splits a column of a single value", () => {
    expect(() => prepareBoosting(input).replay({ ...first!, trees: [] })).toThrow(/0 trees instead of 1/);
    const constant = aBoostingInput({ columns: [aNumberColumn([3, 3, 3, 3])] });
    expect(() => prepareBoosting(constant).replay(first!)).toThrow(/splits column 0/);
  });
});
