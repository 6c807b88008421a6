/** What the steps of counts, machines, perceptrons, kernels and groups need to be read, and what they make of rows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aMatrix, rowsOf } from "../../test/builders/operators.ts";
import { LineError } from "../errors.ts";
import { kernels } from "./kernels.ts";
import { steps } from "./table.ts";

const perceptron = {
  classes: [0, 1, 2],
  hidden: [
    [1, 0],
    [0, 1],
  ],
  hiddenBias: [0, 0],
  output: [
    [1, 0],
    [0, 1],
    [0, 0],
  ],
  outputBias: [0, 0, 0],
};
const machine = {
  classes: [0, 1, 2],
  coefficients: [
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  intercepts: [0, 0, 0],
};
const nystroem = { kernel: "linear", gamma: 1, basis: [[1, 2]], rotation: [[1]] };
const sampler = {
  weights: [
    [1, 0],
    [0, 1],
  ],
  offsets: [0, 0],
};

/** For two columns and three classes. */
const good: Readonly<Record<string, object>> = {
  zeroCount: {},
  binarizer: { threshold: 0.5 },
  bernoulliNb: machine,
  linearSvc: machine,
  mlp: perceptron,
  nystroem,
  rbfSampler: sampler,
  featureAgglomeration: { groups: [1, 0] },
};

const bad: readonly (readonly [step: string, change: object, complaint: string])[] = [
  ["binarizer", { threshold: null }, "threshold must be a finite number"],
  ["bernoulliNb", { intercepts: [0, 0] }, "intercepts has 2 entries where 3 are needed"],
  ["linearSvc", { classes: [1] }, "classes must be at least two"],
  ["linearSvc", { classes: [0, 2] }, "coefficients must hold 1 lists"],
  ["linearSvc", { coefficients: [[1]] }, "coefficients[0] has 1 entries where 2 are needed"],
  ["linearSvc", { intercepts: [0] }, "intercepts has 1 entries where 3 are needed"],
  ["mlp", { classes: [1] }, "classes must be at least two"],
  ["mlp", { classes: [0, 1] }, "output must hold 1 lists"],
  ["mlp", { hiddenBias: [0] }, "hiddenBias has 1 entries where 2 are needed"],
  ["mlp", { hidden: [[1]] }, "hidden[0] has 1 entries where 2 are needed"],
  ["mlp", { output: [[1], [1], [1]] }, "output[0] has 1 entries where 2 are needed"],
  ["nystroem", { kernel: "toString" }, "kernel must be one of rbf, "],
  ["nystroem", { gamma: "1" }, "gamma must be a finite number"],
  ["nystroem", { basis: [[1]] }, "basis[0] has 1 entries where 2 are needed"],
  ["nystroem", { rotation: [[1, 2]] }, "rotation[0] has 2 entries where 1 are needed"],
  ["nystroem", { rotation: [] }, "rotation must not be empty"],
  ["rbfSampler", { weights: [] }, "weights must not be empty"],
  ["rbfSampler", { offsets: [0] }, "offsets has 1 entries where 2 are needed"],
  ["featureAgglomeration", { groups: [0] }, "groups has 1 entries for 2 columns"],
  ["featureAgglomeration", { groups: [1, 1] }, "groups must be counted from 0 without a gap"],
  ["featureAgglomeration", { groups: [0, 2] }, "groups[1] must be an integer from 0 to 1"],
];

const shape = { columns: 2, classes: 3 };

describe("a step of a model file", () => {
  it("does not tell a class where the target is a number", () => {
    const asNumber = { columns: 2, classes: undefined };
    for (const name of ["bernoulliNb", "linearSvc", "mlp"])
      expect(() => steps[name]!.read(good[name], asNumber)).toThrow("the target is a number");
  });
  it.each(Object.entries(good))("%s is read", (name, fitted) => {
    expect(steps[name]!.read(fitted, shape).columns).toBeGreaterThan(0);
  });
  it.each(Object.keys(good))("%s is a JSON object", (name) => {
    expect(() => steps[name]!.read([], shape)).toThrow(LineError);
  });
  it.each(bad)("%s is refused with %j: %s", (name, change, complaint) => {
    const read = (): unknown => steps[name]!.read({ ...good[name], ...change }, shape);
    expect(read).toThrow(LineError);
    expect(read).toThrow(complaint);
  });
});

/** Answers for rows, of a target with three classes where nothing else is said. */
function apply(
  name: string,
  fitted: object,
  { rows, classes }: { rows: readonly (readonly number[])[]; classes: number | undefined },
): number[][] {
  const x = aMatrix(rows);
  return rowsOf(steps[name]!.read(fitted, { columns: x.columns, classes }).apply(x));
}
const ofThree = (name: string, fitted: object, rows: readonly (readonly number[])[]): number[][] =>
  apply(name, fitted, { rows, classes: 3 });

describe("zeroCount", () => {
  it("counts zeros, minus zero among them, then other numbers", () => {
    expect(ofThree("zeroCount", {}, [[0, 5, -0, 2, 0]])).toEqual([[3, 2, 0, 5, -0, 2, 0]]);
  });
});

describe("binarizer", () => {
  it("takes only what is above the threshold for 1", () => {
    expect(ofThree("binarizer", { threshold: 0.5 }, [[0.5, 0.500001, -3]])).toEqual([[0, 1, 0]]);
  });
});

describe("bernoulliNb", () => {
  it("hears of a number only whether it is above 0", () => {
    const [much, little, none] = ofThree("bernoulliNb", machine, [
      [1000, -1],
      [1e-9, 0],
      [0, -7],
    ]);
    expect(much).toEqual(little);
    expect(none).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

describe("one model for each class", () => {
  const sigmoid = (sum: number): number => 1 / (1 + Math.exp(-sum));
  const close = (found: number[], expected: number[]): void =>
    found.forEach((share, k) => expect(share).toBeCloseTo(expected[k]!, 8));

  it("answers sigmoids over their sum", () => {
    const sums = [sigmoid(2), sigmoid(-1), sigmoid(1)];
    const all = sums.reduce((a, b) => a + b);
    close(
      ofThree("linearSvc", machine, [[2, -1]])[0]!,
      sums.map((sum) => sum / all),
    );
  });
  it("answers one sigmoid of two classes, and 0 for a class that had no rows", () => {
    const two = { classes: [0, 2], coefficients: [[1, 0]], intercepts: [0.5] };
    close(ofThree("sgdClassifier", two, [[1, 9]])[0]!, [sigmoid(-1.5), 0, sigmoid(1.5)]);
  });
  it("keeps the sums' order, where sigmoids would all be 1 or all be 0 too", () => {
    const order = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    const sumsOfColumns = {
      ...machine,
      coefficients: [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      intercepts: [0, 0, -4e6],
    };
    fc.assert(
      fc.property(order, ([least, more]) => {
        const [lower, upper, last] = ofThree("linearSvc", sumsOfColumns, [[least, least + more]])[0]!;
        expect(upper!).toBeGreaterThan(lower!);
        expect(lower! + upper! + last!).toBeCloseTo(1, 12);
      }),
    );
  });
  it("says nothing of infinite sums of both signs", () => {
    const steep = {
      ...machine,
      coefficients: [
        [1e300, -1e300],
        [0, 0],
        [-1e300, 0],
      ],
    };
    const [first, second, third] = ofThree("linearSvc", steep, [[1e300, 1e300]])[0]!;
    expect([first, second]).toEqual([0.5, 0.5]);
    expect(third).toBe(0);
  });
});

describe("mlp", () => {
  it("lets a hidden unit say nothing where its sum is below 0", () => {
    const number = { ...perceptron, classes: undefined, output: [[1, -1]], outputBias: [0.25] };
    const rows = [
      [3, -2],
      [-3, 2],
      [-1, -1],
    ];
    expect(apply("mlp", number, { rows, classes: undefined }).flat()).toEqual([3.25, -1.75, 0.25]);
  });
  it("answers the second of two classes by one output, and 0 for a class that had no rows", () => {
    const two = { ...perceptron, classes: [0, 2], output: [[1, 0]], outputBias: [0] };
    const [first, none, last] = ofThree("mlp", two, [[Math.log(3), 0]])[0]!;
    expect(none).toBe(0);
    expect([first, last].map((share) => share!.toFixed(12))).toEqual(["0.250000000000", "0.750000000000"]);
  });
  it("does not overflow", () => {
    expect(ofThree("mlp", perceptron, [[1e6, 1]])).toEqual([[1, 0, 0]]);
  });
});

describe("kernels", () => {
  const like = (name: string, a: number[], b: number[]): number =>
    kernels[name]!({ values: Float64Array.from([9, ...a]), from: 1, other: Float64Array.from(b) }, 0.5);

  it("know a row again", () => {
    for (const name of ["rbf", "laplacian", "chi2"]) expect(like(name, [1, 2], [1, 2])).toBe(1);
    expect(like("additive_chi2", [1, 2], [1, 2])).toBeCloseTo(0, 15);
    expect(like("cosine", [1, 2], [2, 4])).toBeCloseTo(1, 15);
  });
  it("have an answer for rows of zeros", () => {
    expect(like("cosine", [0, 0], [1, 2])).toBe(0);
    expect(like("chi2", [0, 0], [0, 0])).toBe(1);
  });
  it("say nothing beyond the range of numbers", () => {
    const steep = {
      ...nystroem,
      kernel: "polynomial",
      basis: [
        [1, 0],
        [0, 1],
      ],
      rotation: [[0, 1]],
    };
    expect(ofThree("nystroem", steep, [[1e200, 0]])).toEqual([[1]]);
  });
  it("of shares take a number below 0 for 0", () => {
    expect(like("chi2", [-5, 1], [0, 1])).toBe(1);
    expect(like("additive_chi2", [-5, 1], [1, 1])).toBe(-1);
  });
});

describe("featureAgglomeration", () => {
  it("answers each group's mean, in the groups' order", () => {
    expect(ofThree("featureAgglomeration", { groups: [1, 0, 1] }, [[2, 7, 4]])).toEqual([[7, 3]]);
  });
});
