/**
 * Least squares with a penalty on the absolute coefficients, as scikit-learn's LassoLarsCV: of all strengths at which the
 * path of solutions over any four of five blocks of rows has a kink, the one with the least error over the blocks.
 */
import { designOf } from "./design.ts";
import { larsPath } from "./lars.ts";
import { finiteNumbers, type Operator } from "./operator.ts";
import { allRows, type Block, blocksOf, type Linear, mistakes, modelOf } from "./row-blocks.ts";
import { targetValues } from "./targets.ts";

const maxIterations = 500;
const maxStrengths = 1000;

export const lasso: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: { normalize: [true, false] },
  bytes: ({ rows, columns }) => (3 * rows * columns + (columns + maxIterations) * (rows + 6 * columns)) * 8,
  fit({ x, target }, parameters) {
    const normalize = parameters["normalize"] === true;
    const y = targetValues(target);
    const design = designOf(x, y, { rows: allRows(x), normalize });
    finiteNumbers("the square of a column or of the target", [...design.norms, design.squares]);
    const least = bestStrength(Array.from(blocksOf(x, y, { normalize }), pathOf));
    const { coefficients, intercept } = modelOf(design, larsPath(design, { least, maxIterations }).at(-1)!.weights);
    return {
      coefficients: finiteNumbers("a coefficient", coefficients),
      intercept: finiteNumbers("the intercept", [intercept])[0]!,
    };
  },
};

interface BlockPath {
  /** Descending. */
  readonly strengths: readonly number[];
  readonly models: readonly Linear[];
  readonly rows: Pick<Block, "values" | "y">;
}

function pathOf({ design, values, y }: Block): BlockPath {
  const kinks = larsPath(design, { least: 0, maxIterations });
  const models = kinks.map(({ weights }) => modelOf(design, weights));
  return { strengths: kinks.map(({ strength }) => strength), models, rows: { values, y } };
}

/** Of equally good ones the least. */
function bestStrength(paths: readonly BlockPath[]): number {
  const kinks = Float64Array.from(new Set(paths.flatMap((path) => path.strengths))).sort();
  const stride = Math.max(1, Math.floor(kinks.length / maxStrengths));
  const candidates = kinks.filter((_, i) => i % stride === 0);
  const errors = new Float64Array(candidates.length);
  for (const path of paths) addErrors(errors, candidates, path);
  finiteNumbers("the error of a fit", errors);
  return candidates[errors.reduce((least, error, i) => (error < errors[least]! ? i : least), 0)]!;
}

/** Adds the block's mean squared error at each of the ascending candidates; beyond its ends a path is what it is there. */
function addErrors(errors: Float64Array, candidates: Float64Array, { strengths, models, rows }: BlockPath): void {
  const atKinks = models.map((model) => mistakes(model, rows));
  let k = strengths.length - 1;
  candidates.forEach((candidate, i) => {
    while (k > 0 && strengths[k - 1]! <= candidate) k -= 1;
    const [below, above] = [strengths[k]!, strengths[k - 1]];
    const share = above === undefined ? 0 : Math.max(0, (candidate - below) / (above - below));
    errors[i]! += meanSquare(atKinks[k]!, atKinks[k - 1] ?? atKinks[k]!, share);
  });
}

/** Of the numbers that lie between those of `a` and of `b`, by `share`. */
function meanSquare(a: Float64Array, b: Float64Array, share: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! + share * (b[i]! - a[i]!)) ** 2;
  return sum / a.length;
}
