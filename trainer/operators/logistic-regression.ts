/**
 * Logistic regression with a penalty on the squares of the coefficients, as scikit-learn's LogisticRegression with its
 * default solver: of more than two classes multinomial, intercepts without a penalty. TPOT's grid has the penalty l1 and
 * the dual form as well, which that solver refuses; they are left out.
 *
 * Columns are centred and scaled before the least loss is sought, and the penalty changed so that it is that of the
 * columns as they were. So a search that scikit-learn gives up after 100 steps goes on to the end.
 */
import type { FittedLogisticRegression } from "../../model/steps/logistic-regression.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { moments } from "./columns.ts";
import { minimize } from "./l-bfgs.ts";
import { inverseOf, lossOf } from "./logistic-loss.ts";
import { finiteNumbers, type Operator, OperatorError } from "./operator.ts";
import { presentClasses } from "./targets.ts";

/** Tight enough for probabilities that are right to about 1e-7. */
const tolerance = 1e-9;
const maxIterations = 200;
/** What the column of the intercept holds: the loss's second derivative by its weight is then 1 at most, as by others. */
const ofIntercept = 2;

export const logisticRegression: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  /** The smaller it is, the more the coefficients are held back. */
  parameters: { C: [1, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 5, 25] },
  bytes: ({ rows, columns, classes }) => (2 * rows + 2 * (classes ?? 1) * (columns + 24)) * (columns + 1) * 8,
  fit({ x, target }, parameters): FittedLogisticRegression {
    const { classes, places } = presentClasses(target);
    if (classes.length < 2) throw new OperatorError("all rows are of one class");
    const sums = classes.length === 2 ? 1 : classes.length;
    const strength = 1 / ((parameters["C"] as number) * x.rows);
    const { means, variances } = moments(x);
    finiteNumbers("the variance of a column", variances);
    const scales = variances.map((variance) => 1 / Math.sqrt(variance / 4 + strength));
    const columns = x.columns + 1;
    const penalties = new Float64Array(columns);
    scales.forEach((scale, c) => (penalties[c] = strength * scale ** 2));
    const problem = { x: scaled(x, means, scales), columns, places, sums, penalties };
    const point = new Float64Array(sums * columns);
    minimize(lossOf(problem), point, { tolerance, maxIterations, inverseAt: inverseOf(problem) });

    const ofSums = Array.from({ length: sums }, (_, k) => point.subarray(k * columns, (k + 1) * columns));
    const coefficients = ofSums.map((weights) =>
      finiteNumbers(
        "a coefficient",
        scales.map((scale, c) => weights[c]! * scale),
      ),
    );
    const intercepts = coefficients.map((weights, k) =>
      weights.reduce((sum, weight, c) => sum - weight * means[c]!, ofSums[k]!.at(-1)! * ofIntercept),
    );
    return { classes, coefficients, intercepts: finiteNumbers("an intercept", intercepts) };
  },
};

/** The columns, each with mean 0 and multiplied by its scale, and one more for the intercept. */
function scaled({ rows, columns, values }: Matrix, means: Float64Array, scales: Float64Array): Float64Array {
  const made = new Float64Array(rows * (columns + 1));
  for (let row = 0, from = 0, at = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++, from++, at++) made[at] = (values[from]! - means[c]!) * scales[c]!;
    made[at++] = ofIntercept;
  }
  return made;
}
