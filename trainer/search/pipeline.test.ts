import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../traintask/random.ts";
import { ConfigurationError } from "../errors.ts";
import { operators } from "../operators/table.ts";
import { grammarOf, randomPipeline } from "./grammar.ts";
import { pretendedOperators } from "./operator-fixture.ts";
import { parsePipeline, type Pipeline, pipelineText } from "./pipeline.ts";

const parse = (text: string): Pipeline => parsePipeline(text, pretendedOperators);

describe("the text of a pipeline", () => {
  test("has its steps in order, each with all its parameters", () => {
    const pipeline = [
      { operator: "standardScaler", parameters: {} },
      { operator: "pca", parameters: { components: 1e-7 } },
      {
        operator: "randomForest",
        parameters: { nEstimators: 100, criterion: "gini", maxFeatures: 0.5, bootstrap: true },
      },
    ] as Pipeline;
    const text =
      "standardScaler > pca(components=1e-7) > randomForest(nEstimators=100, criterion=gini, maxFeatures=0.5, bootstrap=true)";
    expect(pipelineText(pipeline)).toBe(text);
    expect(parse(text)).toEqual(pipeline);
  });

  test("parses back to itself, whatever pipeline the grammar makes", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("classification", "regression"), (seed, problemType) => {
        const grammar = grammarOf({ preset: "default" }, { problemType, operators });
        const pipeline = randomPipeline(grammar, random(seed));
        const again = parsePipeline(pipelineText(pipeline), operators);
        expect(again).toEqual(pipeline);
        expect(pipelineText(again)).toBe(pipelineText(pipeline));
      }),
    );
  });

  test("may be written with other spaces, and its parameters in another order", () => {
    expect(parse(" kNeighbors( p=1,nNeighbors = 25, weights=distance)>ridge(alpha=0.1)")).toEqual(
      parse("kNeighbors(nNeighbors=25, weights=distance, p=1) > ridge(alpha=0.1)"),
    );
    expect(pipelineText(parse("kNeighbors(p=1, weights=distance, nNeighbors=25)"))).toBe(
      "kNeighbors(nNeighbors=25, weights=distance, p=1)",
    );
  });

  test("is not ambiguous in any value of the real operators", () => {
    for (const [name, { parameters }] of Object.entries(operators)) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
      for (const [parameter, values] of Object.entries(parameters)) {
        expect(parameter).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
        expect(new Set(values.map(String)).size, `${name}: ${parameter}`).toBe(values.length);
        for (const value of values) expect(String(value), `${name}: ${parameter}`).toMatch(/^[^\s,=()>]+$/);
      }
    }
  });
});

describe("a text that is no pipeline", () => {
  const complaints: Record<string, [text: string, complaint: string]> = {
    "is refused when it is empty": ["", "A step of the pipeline is empty. Write steps as in: standardScaler > ridge"],
    "is refused with a step left out": ["pca(components=0.9) >  > gaussianNb", "A step of the pipeline is empty."],
    "is refused without a closing bracket": ["ridge(alpha=1", '"ridge(alpha=1" is no step of a pipeline.'],
    "is refused with an operator that is not there": [
      "magic > gaussianNb",
      "There is no operator magic. There are: st",
    ],
    "is refused with what every object has": ["toString", "There is no operator toString."],
    "is refused without a predictor at its end": [
      "gaussianNb > standardScaler",
      "A pipeline ends with a predictor, and standardScaler is none: gaussianNb > standardScaler",
    ],
    "is refused with a parameter that is not there": ["ridge(beta=1)", "ridge has no parameter beta. It has: alpha"],
    "is refused with a parameter of an operator that has none": ["gaussianNb(a=1)", "no parameter a. It has: none"],
    "is refused with a parameter missing": ["ridge", "ridge: alpha is missing. It may be: 1, 0.1, 10"],
    "is refused with a value that is none of the grid's": [
      "ridge(alpha=3)",
      "alpha cannot be 3. It may be: 1, 0.1, 10",
    ],
    "is refused with a number written in another way": ["ridge(alpha=1.0)", "ridge: alpha cannot be 1.0."],
    "is refused with a parameter twice": ["ridge(alpha=1, alpha=1)", "ridge has alpha twice."],
    "is refused with a parameter without a value": ["ridge(alpha)", 'ridge: "alpha" is no parameter=value.'],
    "is refused with empty brackets": ["gaussianNb()", 'gaussianNb: "" is no parameter=value.'],
  };
  for (const [name, [text, complaint]] of Object.entries(complaints))
    test(name, () => {
      expect(() => parse(text)).toThrow(ConfigurationError);
      expect(() => parse(text)).toThrow(complaint);
    });
});
