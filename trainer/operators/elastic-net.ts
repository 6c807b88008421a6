/**
 * Least squares with a penalty on absolute values and squares of the coefficients, as scikit-learn's ElasticNetCV: of 100
 * strengths, from the least that leaves no coefficient down to a thousandth of it, the one with the least error over five
 * blocks of rows, each predicted by the others.
 */
import { CoordinateDescent } from "./coordinate-descent.ts";
import { type Design, designOf, dot } from "./design.ts";
import { finiteNumbers, type Operator, type Parameters } from "./operator.ts";
import { allRows, blocksOf, mistakes, modelOf } from "./row-blocks.ts";
import { targetValues } from "./targets.ts";

const strengths = 100;
const leastShare = 1e-3;
const maxIterations = 1000;
/** Below it the target is constant (NumPy's resolution). */
const noStrength = 1e-15;

export const elasticNet: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  // TPOT's grid has a ratio of 0 as well, for which scikit-learn refuses to choose a penalty.
  parameters: { l1Ratio: [0.5, 0.05, 0.2, 0.35, 0.65, 0.8, 0.95, 1], tol: [1e-4, 1e-5, 1e-3, 1e-2, 1e-1] },
  bytes: ({ rows, columns }) => (3 * rows * columns + 3 * columns ** 2) * 8,
  fit({ x, target }, parameters) {
    const y = targetValues(target);
    const design = designOf(x, y, { rows: allRows(x), normalize: false });
    finiteNumbers("the square of a column or of the target", [...design.norms, design.squares]);
    const path = strengthsOf(design, parameters["l1Ratio"] as number);
    const errors = new Float64Array(path.length);
    for (const block of blocksOf(x, y, { normalize: false })) {
      const solve = solver(block.design, parameters);
      path.forEach((strength, i) => {
        const found = mistakes(modelOf(block.design, solve(strength)), block);
        errors[i]! += dot(found, found) / found.length;
      });
    }
    finiteNumbers("the error of a fit", errors);
    const best = errors.reduce((least, error, i) => (error < errors[least]! ? i : least), 0);
    const { coefficients, intercept } = modelOf(design, solver(design, parameters)(path[best]!));
    return {
      coefficients: finiteNumbers("a coefficient", coefficients),
      intercept: finiteNumbers("the intercept", [intercept])[0]!,
    };
  },
};

/** Descending, equally far from each other on the logarithmic scale. */
function strengthsOf({ columns, y }: Design, l1Ratio: number): Float64Array {
  const greatest = columns.reduce((most, column) => Math.max(most, Math.abs(dot(column, y))), 0) / (y.length * l1Ratio);
  if (greatest <= noStrength) return new Float64Array(1).fill(noStrength);
  return Float64Array.from({ length: strengths }, (_, i) => greatest * leastShare ** (i / (strengths - 1)));
}

function solver(design: Design, { l1Ratio, tol }: Parameters): (strength: number) => Float64Array {
  const descent = new CoordinateDescent(design, { tolerance: tol as number, maxIterations });
  const rows = design.y.length;
  const absolute = l1Ratio as number;
  return (strength) => descent.solve({ l1: strength * absolute * rows, l2: strength * (1 - absolute) * rows });
}
