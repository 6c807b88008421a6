/** Classes by as many linear models as there are classes (of two: one), each of which tells one class from all others. */
import type { FittedOneVsRest } from "../../model/steps/one-vs-rest.ts";
import { finiteNumbers, OperatorError, type Target } from "./operator.ts";
import { presentClasses } from "./targets.ts";

export interface Weights {
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * @param solve finds weights whose sum is above 0 where y is 1, and below 0 where it is -1; `place` counts the models
 * @throws {OperatorError} where there are rows of one class only, or a weight is not finite
 */
export function oneVsRest(target: Target, solve: (y: Float64Array, place: number) => Weights): FittedOneVsRest {
  const { classes, places } = presentClasses(target);
  if (classes.length < 2) throw new OperatorError("there are rows of one class only");
  const told = classes.length === 2 ? [1] : [...classes.keys()];
  const found = told.map((place) =>
    solve(
      Float64Array.from(places, (other) => (other === place ? 1 : -1)),
      place,
    ),
  );
  return {
    classes,
    coefficients: found.map(({ weights }) => finiteNumbers("a coefficient", weights)),
    intercepts: finiteNumbers(
      "an intercept",
      found.map(({ intercept }) => intercept),
    ),
  };
}
