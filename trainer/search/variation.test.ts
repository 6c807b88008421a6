import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../traintask/random.ts";
import { type Grammar, grammarOf, isValid, maxSteps, randomPipeline } from "./grammar.ts";
import { pretendedOperators } from "./operator-fixture.ts";
import { parsePipeline, type Pipeline, pipelineText } from "./pipeline.ts";
import { canCross, crossover, mutations } from "./variation.ts";

const grammars = (["classification", "regression"] as const).map((problemType) =>
  grammarOf({ preset: "default" }, { problemType, operators: pretendedOperators }),
);
const grammar = grammars[1]!;
const parse = (text: string): Pipeline => parsePipeline(text, pretendedOperators);

/** A pipeline of any length that has been varied many times. */
function evolved(of: Grammar, seed: number): Pipeline {
  const generator = random(seed, 1);
  let pipeline = randomPipeline(of, generator);
  const kinds = Object.values(mutations);
  for (let count = generator.below(20); count > 0; count--)
    pipeline = kinds[generator.below(kinds.length)]!(pipeline, { grammar: of, random: generator }) ?? pipeline;
  return pipeline;
}

/** All that comes out of it, each once. */
function outcomes(make: (seed: number) => Pipeline | undefined): Set<string> {
  const found = Array.from({ length: 500 }, (_, seed) => make(seed));
  return new Set(found.flatMap((pipeline) => (pipeline === undefined ? [] : [pipelineText(pipeline)])));
}

describe("any variation of valid pipelines", () => {
  test("is valid, and leaves them as they are", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom(...grammars), (first, second, of) => {
        const [one, other] = [evolved(of, first), evolved(of, second)];
        const before = JSON.stringify([one, other]);
        const chance = { grammar: of, random: random(first, second) };
        const children = [
          ...Object.values(mutations).map((mutation) => mutation(one, chance)),
          crossover([one, other], chance),
        ];
        for (const child of children) if (child !== undefined) expect(isValid(of, child)).toBe(true);
        expect(JSON.stringify([one, other])).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  test("reaches the greatest length and does not pass it", () => {
    const longest = Array.from({ length: maxSteps }, () => parse("ridge(alpha=1)")[0]!);
    expect(mutations.insert(longest, { grammar, random: random(1) })).toBeUndefined();
    const lengths = Array.from(
      { length: 100 },
      (_, seed) => crossover([longest, longest.slice(1)], { grammar, random: random(seed) })?.length ?? 0,
    );
    expect(Math.max(...lengths)).toBe(maxSteps);
  });
});

describe("mutation", () => {
  const text = "standardScaler > pca(components=0.9) > ridge(alpha=1)";
  const mutate = (kind: keyof typeof mutations, of: string): Set<string> =>
    outcomes((seed) => mutations[kind](parse(of), { grammar, random: random(seed) }));

  test("inserts a step at each place but the end", () => {
    for (const inserted of mutate("insert", text)) {
      const steps = inserted.split(" > ");
      expect(steps).toHaveLength(4);
      expect(steps.at(-1)).toBe("ridge(alpha=1)");
    }
    const stacked = [...mutate("insert", "ridge(alpha=1)")].map((each) => each.split("(")[0]);
    expect(new Set(stacked)).toContain("randomForest");
    const scaled = [...mutate("insert", text)].filter((each) => each.includes("normalizer(norm=l1)"));
    expect(scaled.toSorted()).toEqual([
      "normalizer(norm=l1) > standardScaler > pca(components=0.9) > ridge(alpha=1)",
      "standardScaler > normalizer(norm=l1) > pca(components=0.9) > ridge(alpha=1)",
      "standardScaler > pca(components=0.9) > normalizer(norm=l1) > ridge(alpha=1)",
    ]);
  });

  test("removes each step but the last", () => {
    expect(mutate("shrink", text)).toEqual(
      new Set(["pca(components=0.9) > ridge(alpha=1)", "standardScaler > ridge(alpha=1)"]),
    );
    expect(mutate("shrink", "ridge(alpha=1)")).toEqual(new Set());
  });

  test("draws one step or one parameter anew", () => {
    const replaced = mutate("replace", text);
    for (const each of replaced) {
      const [before, after] = [text.split(" > "), each.split(" > ")];
      expect(after).toHaveLength(3);
      expect(after.filter((step, place) => step !== before[place]).length).toBeLessThanOrEqual(1);
    }
    for (const expected of ["ridge(alpha=10)", "ridge(alpha=0.1)"])
      expect(replaced).toContain(text.replace("ridge(alpha=1)", expected));
    expect(replaced).toContain(text.replace("pca(components=0.9)", "pca(components=1e-7)"));
    expect([...replaced].some((each) => !each.includes("ridge"))).toBe(true);
    expect([...replaced].some((each) => !each.includes("standardScaler"))).toBe(true);
  });

  test("changes a parameter more often than a step where there are more of them", () => {
    const forest = "randomForest(nEstimators=100, criterion=gini, maxFeatures=1, bootstrap=true)";
    const kept = Array.from({ length: 600 }, (_, seed) =>
      pipelineText(mutations.replace(parse(forest), { grammar, random: random(seed) })),
    ).filter((each) => each.startsWith("randomForest"));
    // Two parameters have a choice, and one replaced step in five is a forest again.
    expect(kept.length / 600).toBeGreaterThan(0.6);
    expect(kept.length / 600).toBeLessThan(0.85);
  });
});

describe("crossover", () => {
  const cross = (first: string, second: string): Set<string> =>
    outcomes((seed) => crossover([parse(first), parse(second)], { grammar, random: random(seed) }));

  test("puts an end of the first behind a beginning of the second", () => {
    expect(
      cross(
        "standardScaler > ridge(alpha=1)",
        "normalizer(norm=l1) > pca(components=0.5) > elasticNet(l1Ratio=0, tol=0.0001)",
      ),
    ).toEqual(
      new Set([
        "standardScaler > ridge(alpha=1)",
        "ridge(alpha=1)",
        "normalizer(norm=l1) > standardScaler > ridge(alpha=1)",
        "normalizer(norm=l1) > ridge(alpha=1)",
        "normalizer(norm=l1) > pca(components=0.5) > standardScaler > ridge(alpha=1)",
        "normalizer(norm=l1) > pca(components=0.5) > ridge(alpha=1)",
      ]),
    );
  });

  test("takes over a parameter of an operator that both have", () => {
    expect(cross("elasticNet(l1Ratio=0, tol=0.0001)", "elasticNet(l1Ratio=1, tol=0.00001)")).toEqual(
      new Set([
        "elasticNet(l1Ratio=0, tol=0.0001)",
        "elasticNet(l1Ratio=1, tol=0.0001)",
        "elasticNet(l1Ratio=0, tol=0.00001)",
      ]),
    );
  });

  test("makes no second polynomial", () => {
    const polynomial = "polynomialFeatures(degree=2, includeBias=false)";
    const children = cross(`${polynomial} > ridge(alpha=1)`, `standardScaler > ${polynomial} > ridge(alpha=10)`);
    expect(children.size).toBeGreaterThan(3);
    for (const child of children) expect(child.split("polynomial").length).toBeLessThanOrEqual(2);
  });

  test("is for pipelines with an operator in common", () => {
    expect(canCross(parse("ridge(alpha=1)"), parse("ridge(alpha=10) > gaussianNb"))).toBe(true);
    expect(canCross(parse("ridge(alpha=1)"), parse("standardScaler > gaussianNb"))).toBe(false);
  });
});
