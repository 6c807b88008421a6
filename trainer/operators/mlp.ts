/**
 * A small multi-layer perceptron, as scikit-learn's MLPClassifier and MLPRegressor: one hidden layer of 100 rectified units,
 * weights that begin as Glorot and Bengio have them ("Understanding the difficulty of training deep feedforward neural
 * networks", 2010), Adam. It wants columns of like size: see standardScaler.
 */
import type { FittedPerceptron } from "../../model/steps/perceptron.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { random } from "../../traintask/random.ts";
import { finiteNumbers, type Operator, OperatorError, type Target } from "./operator.ts";
import { train } from "./perceptron-training.ts";
import { shuffler } from "./shuffle.ts";
import { presentClasses } from "./targets.ts";

const [hidden, epochs] = [100, 200];

export const mlp: Operator = {
  kind: "predictor",
  problemTypes: ["classification", "regression"],
  parameters: { alpha: [1e-4, 1e-3, 1e-2, 1e-1], learningRateInit: [1e-3, 1e-2, 1e-1, 0.5, 1] },
  fit({ x, target, seed }, parameters): FittedPerceptron {
    const { classes, y } = outputsOf(target);
    const sizes: Sizes = { columns: x.columns, hidden, outputs: y.columns };
    const weights = firstWeights(sizes, seed);
    train(
      {
        x,
        y,
        kind: target.problemType === "regression" ? "number" : "classes",
        hidden,
        alpha: parameters.alpha as number,
        learningRate: parameters.learningRateInit as number,
        epochs,
        shuffle: shuffler(seed, 1),
      },
      weights,
    );
    return { ...(classes && { classes }), ...layersOf(weights, sizes) };
  },
};

export interface Sizes {
  readonly columns: number;
  readonly hidden: number;
  readonly outputs: number;
}

/** What the network is to answer: a number; of two classes, whether it is the second one; of more, a column for each. */
export function outputsOf(target: Target): { classes?: readonly number[]; y: Matrix } {
  if (target.problemType === "regression")
    return { y: { rows: target.values.length, columns: 1, values: target.values } };
  const { classes, places } = presentClasses(target);
  if (classes.length < 2) throw new OperatorError("there are rows of one class only");
  const columns = classes.length === 2 ? 1 : classes.length;
  const values = new Float64Array(places.length * columns);
  places.forEach((place, row) => {
    if (columns === 1) values[row] = place;
    else values[row * columns + place] = 1;
  });
  return { classes, y: { rows: places.length, columns, values } };
}

/** In the order of perceptron-training.ts; biases are drawn like the weights beside them. */
function firstWeights({ columns, hidden: units, outputs }: Sizes, seed: number): Float64Array {
  const drawn = random(seed, 0);
  const first = units * (columns + 1);
  const bounds = [Math.sqrt(6 / (columns + units)), Math.sqrt(6 / (units + outputs))] as const;
  return Float64Array.from(
    { length: first + outputs * (units + 1) },
    (_, at) => (2 * drawn.uniform() - 1) * bounds[at < first ? 0 : 1],
  );
}

/** @throws {OperatorError} where training has left the range of numbers */
export function layersOf(weights: Float64Array, { columns, hidden: units, outputs }: Sizes): FittedPerceptron {
  const all = finiteNumbers("a weight of the perceptron", weights);
  const layer = (from: number, of: { inputs: number; units: number }) => {
    const starts = Array.from({ length: of.units }, (_, unit) => from + unit * (of.inputs + 1));
    return {
      weights: starts.map((start) => all.slice(start, start + of.inputs)),
      bias: starts.map((start) => all[start + of.inputs]!),
    };
  };
  const first = layer(0, { inputs: columns, units });
  const second = layer(units * (columns + 1), { inputs: units, units: outputs });
  return { hidden: first.weights, hiddenBias: first.bias, output: second.weights, outputBias: second.bias };
}
