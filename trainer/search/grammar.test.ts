import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OperatorName } from "../../traintask/operators.ts";
import { random } from "../../traintask/random.ts";
import { ConfigurationError } from "../errors.ts";
import { operators } from "../operators/table.ts";
import { type Grammar, grammarOf, isValid, maxSteps, randomPipeline } from "./grammar.ts";
import { pretendedOperators } from "./operator-fixture.ts";
import { type Pipeline, pipelineText } from "./pipeline.ts";

type Options = Parameters<typeof grammarOf>[0];

function grammar(
  problemType: "classification" | "regression" = "regression",
  options: { preset?: Options["preset"]; operators?: string[] } = {},
): Grammar {
  const spec = { preset: "default", ...options } as Options;
  return grammarOf(spec, { problemType, operators: pretendedOperators });
}

const names = (of: Grammar, count = 500): Set<string> =>
  new Set(
    Array.from({ length: count }, (_, seed) => randomPipeline(of, random(seed)))
      .flat()
      .map(({ operator }) => operator),
  );

describe("a random pipeline", () => {
  test("is valid, has one to three steps, and ends with a predictor for its problem", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("classification", "regression"), (seed, problemType) => {
        const pipeline = randomPipeline(grammar(problemType), random(seed));
        expect(isValid(grammar(problemType), pipeline)).toBe(true);
        expect(pipeline.length).toBeGreaterThanOrEqual(1);
        expect(pipeline.length).toBeLessThanOrEqual(3);
        for (const [place, { operator, parameters }] of pipeline.entries()) {
          const { kind, problemTypes, parameters: grid } = pretendedOperators[operator]!;
          expect(problemTypes).toContain(problemType);
          if (place === pipeline.length - 1) expect(kind).toBe("predictor");
          expect(Object.keys(parameters)).toEqual(Object.keys(grid));
          for (const [name, value] of Object.entries(parameters)) expect(grid[name]).toContain(value);
        }
      }),
    );
  });

  test("has at most one polynomialFeatures", () => {
    const few = grammar("regression", { operators: ["polynomialFeatures", "ridge"] });
    const pipelines = Array.from({ length: 300 }, (_, seed) => randomPipeline(few, random(seed)));
    const counts = pipelines.map((pipeline) => pipelineText(pipeline).split("polynomialFeatures").length - 1);
    expect(new Set(counts)).toEqual(new Set([0, 1]));
    expect(pipelines.some(({ length }) => length === 3)).toBe(true);
  });

  test("keeps the default of a parameter that means nothing for its problem", () => {
    const criteria = (problemType: "classification" | "regression"): Set<unknown> => {
      const forests = grammar(problemType, { operators: ["randomForest"] });
      const steps = Array.from({ length: 50 }, (_, seed) => randomPipeline(forests, random(seed))).flat();
      return new Set(steps.map(({ parameters }) => parameters["criterion"]));
    };
    expect(criteria("classification")).toEqual(new Set(["gini", "entropy"]));
    expect(criteria("regression")).toEqual(new Set(["gini"]));
  });

  test("mostly has one step or two", () => {
    const lengths = Array.from({ length: 1000 }, (_, seed) => randomPipeline(grammar(), random(seed)).length);
    const share = (length: number): number => lengths.filter((each) => each === length).length / lengths.length;
    expect(share(1)).toBeCloseTo(0.4, 1);
    expect(share(2)).toBeCloseTo(0.4, 1);
    expect(share(3)).toBeCloseTo(0.2, 1);
  });
});

describe("the operators of a search", () => {
  test("are all that fit the problem, if nothing else is said", () => {
    const fitting = Object.keys(pretendedOperators).filter((name) => name !== "gaussianNb");
    expect(names(grammar())).toEqual(new Set(fitting));
    expect(names(grammar("classification"))).not.toContain("ridge");
  });

  test("are quick ones with the preset light", () => {
    const light = names(grammar("regression", { preset: "light" }));
    for (const name of ["ridge", "elasticNet", "kNeighbors", "standardScaler", "pca"]) expect(light).toContain(name);
    for (const name of ["randomForest", "gradientBoosting", "polynomialFeatures"]) expect(light).not.toContain(name);
  });

  test("are those of the list instead of the preset's", () => {
    const listed = ["randomForest", "pca"];
    expect(names(grammar("regression", { preset: "light", operators: listed }))).toEqual(new Set(listed));
  });

  test("are refused where one is for the other problem", () => {
    expect(() => grammar("regression", { operators: ["ridge", "gaussianNb"] })).toThrow(ConfigurationError);
    expect(() => grammar("regression", { operators: ["ridge", "gaussianNb"] })).toThrow(
      "spec.trainer.search.operators: gaussianNb is not for regression.",
    );
  });

  test("are refused without a predictor among them, which are named", () => {
    const refusal = new ConfigurationError("");
    try {
      grammar("classification", { operators: ["pca"] });
    } catch (error) {
      Object.assign(refusal, error, { message: (error as Error).message });
    }
    expect(refusal.message).toBe("spec.trainer.search.operators: a pipeline ends with a predictor, and there is none.");
    expect(refusal.advice).toBe("Add one of: gaussianNb, kNeighbors, randomForest, gradientBoosting.");
  });
});

describe("a pipeline that the grammar does not make", () => {
  const step = (operator: string, parameters = {}): Pipeline[number] => ({
    operator: operator as OperatorName,
    parameters,
  });
  const ridge = step("ridge", { alpha: 1 });
  const polynomial = step("polynomialFeatures", { degree: 2, includeBias: false });
  const cases: Record<string, Pipeline> = {
    "is empty": [],
    "ends with a transformer": [ridge, step("standardScaler")],
    "has an operator for the other problem": [step("gaussianNb"), ridge],
    "has a value outside the grid": [step("ridge", { alpha: 3 })],
    "lacks a parameter": [step("ridge")],
    "has a parameter too many": [step("ridge", { alpha: 1, beta: 1 })],
    "has two polynomials": [polynomial, polynomial, ridge],
    "has another value for what means nothing here": [
      step("randomForest", { nEstimators: 100, criterion: "entropy", maxFeatures: 1, bootstrap: true }),
    ],
    "is too long": Array.from({ length: maxSteps + 1 }, () => ridge),
  };
  for (const [name, pipeline] of Object.entries(cases))
    test(name, () => {
      expect(isValid(grammar(), pipeline)).toBe(false);
    });

  test("has parameters that exclude each other", () => {
    const svc = (penalty: string, loss: string): Pipeline => [step("linearSvc", { penalty, loss, tol: 0.0001, C: 1 })];
    const real = grammarOf({ preset: "default" }, { problemType: "classification", operators });
    expect(isValid(real, svc("l1", "squared_hinge"))).toBe(true);
    expect(isValid(real, svc("l1", "hinge"))).toBe(false);
  });

  test("differs from one that it makes", () => {
    expect(isValid(grammar(), [polynomial, ...Array.from({ length: maxSteps - 1 }, () => ridge)])).toBe(true);
  });
});
