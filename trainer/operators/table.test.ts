/** The names of a search's operators stand in three tables; what one has, all have. */
import { describe, expect, it } from "vitest";
import { steps } from "../../model/steps/table.ts";
import { operatorNames } from "../../traintask/operators.ts";
import { operators } from "./table.ts";

const ours = Object.entries(operators);

describe("the tables of operators", () => {
  it("agree on the names", () => {
    expect(Object.keys(operators).toSorted()).toEqual([...operatorNames].toSorted());
    expect(Object.keys(steps)).toEqual(expect.arrayContaining([...operatorNames]));
    expect(new Set(operatorNames).size).toBe(operatorNames.length);
  });
  it("agree on what is a predictor", () => {
    for (const [name, operator] of ours) expect([name, steps[name]!.kind]).toEqual([name, operator.kind]);
  });
  it("name transformers that ignore what the target is, and predictors of at least one problem", () => {
    for (const [name, { kind, problemTypes }] of ours) {
      expect([name, new Set(problemTypes).size]).toEqual([name, problemTypes.length]);
      expect([name, problemTypes.length > 0]).toEqual([name, true]);
      if (kind === "transformer" && problemTypes.length < 2) expect(problemTypes).toEqual(["classification"]);
    }
  });
  it("have at most 25 values of a parameter, each once", () => {
    for (const [name, { parameters }] of ours)
      for (const [parameter, values] of Object.entries(parameters)) {
        expect([name, parameter, new Set(values).size]).toEqual([name, parameter, values.length]);
        expect(values.length).toBeLessThanOrEqual(25);
        expect(parameter).toMatch(/^[a-zA-Z][a-zA-Z0-9]*$/);
      }
  });
});
