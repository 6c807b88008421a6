/**
 * Gradient boosting by exact trees, as scikit-learn's GradientBoosting; stands for XGBoost as well. (The trainer of the same
 * name, trainer/boosting/, is made for large tables and cuts by histograms.) An iteration is a pure function of input, parameters, seed,
 * its index and the trees before it, which are walked where they are there already: so an ensemble that was begun
 * small goes on with the next iteration.
 */
import { type FittedBoosting, scoresOf } from "../../model/steps/gradient-boosting.ts";
import type { Matrix } from "../../model/steps/step.ts";
import { findLeaves, treesOf } from "../../model/steps/trees.ts";
import { random } from "../../traintask/random.ts";
import { type FitInput, finiteNumbers, type FitShape, type Operator, type Parameters } from "./operator.ts";
import { type Loss, lossOf } from "./trees/boosting-loss.ts";
import { ensembleBytes } from "./trees/bytes.ts";
import { countedRows, subsample } from "./trees/draw.ts";
import { TreeGrower } from "./trees/grow.ts";
import { depths, learningRates, members, number, shareOf, shares, treeGrid } from "./trees/parameters.ts";
import { sortedTable } from "./trees/sorted-table.ts";
import { StepCriterion } from "./trees/step-criterion.ts";
import { eachTree, TreesWriter, type TreesWithLeaves } from "./trees/writer.ts";

export const gradientBoosting: Operator = {
  kind: "predictor",
  problemTypes: ["classification", "regression"],
  parameters: {
    nEstimators: [members],
    learningRate: learningRates,
    maxDepth: depths,
    ...treeGrid,
    subsample: shares,
    maxFeatures: shares,
  },
  bytes: (shape, parameters) => ensembleBytes(shape, { ...sizes(parameters), trees: treesIn(shape, parameters) }),
  fit: (input, parameters) => boost(input, parameters),
  growing: {
    parameter: "nEstimators",
    members,
    extend: (input, parameters, fitted) => boost(input, parameters, fitted as FittedBoosting),
  },
};

const sizes = (parameters: Parameters) => ({
  maxDepth: number(parameters, "maxDepth"),
  minSamplesSplit: number(parameters, "minSamplesSplit"),
  minSamplesLeaf: number(parameters, "minSamplesLeaf"),
});

const treesIn = ({ classes }: Pick<FitShape, "classes">, parameters: Parameters): number =>
  scoresOf(classes) * number(parameters, "nEstimators");

function boost(input: FitInput, parameters: Parameters, begun?: FittedBoosting): FittedBoosting {
  const loss = lossOf(input.target);
  const { classes, baseline } = loss;
  const scores = new Scores(input.x, loss);
  const grow = iterationGrower(input, loss, parameters);
  const known = begun === undefined ? [] : eachTree(begun);
  const trees = new TreesWriter<number>();
  for (let iteration = 0; iteration < number(parameters, "nEstimators"); iteration++) {
    loss.residuals(scores.raw);
    const first = iteration * baseline.length;
    const grown = first < known.length ? known.slice(first, first + baseline.length) : grow(iteration);
    grown.forEach((tree, score) => {
      scores.add(tree, score);
      trees.append(tree);
    });
  }
  const { feature, threshold, value } = trees;
  finiteNumbers("a leaf", value);
  return { ...(classes && { classes }), baseline, feature, threshold, value };
}

/** The raw scores of the rows that are fitted. */
class Scores {
  readonly raw: readonly Float64Array[];
  readonly #x: Matrix;
  readonly #unit: number;
  readonly #leaves: Int32Array;

  constructor(x: Matrix, { baseline, origin, unit }: Loss) {
    this.raw = baseline.map((score) => new Float64Array(x.rows).fill((score - origin) / unit));
    this.#x = x;
    this.#unit = unit;
    this.#leaves = new Int32Array(x.rows);
  }

  add(tree: TreesWithLeaves<number>, score: number): void {
    const leaves = this.#leaves;
    const raw = this.raw[score]!;
    findLeaves(treesOf(tree), 0, { x: this.#x, leaves });
    for (let row = 0; row < leaves.length; row++) raw[row]! += tree.value[leaves[row]!]! / this.#unit;
  }
}

/** @returns what grows the trees of an iteration, one for each score, by the loss's residuals */
function iterationGrower(
  { x, seed }: FitInput,
  loss: Loss,
  parameters: Parameters,
): (iteration: number) => TreesWithLeaves<number>[] {
  const table = sortedTable(x);
  const learningRate = number(parameters, "learningRate");
  const criterion = new StepCriterion(table, loss, { ...sizes(parameters), learningRate });
  const columnsPerSplit = shareOf(parameters["maxFeatures"], x.columns);
  const grower = new TreeGrower(table, criterion, { ...sizes(parameters), columnsPerSplit, cuts: "best" });
  const size = shareOf(parameters["subsample"], x.rows);
  const rows = new Int32Array(x.rows);
  return (iteration) => {
    const generator = random(seed, iteration);
    if (size < x.rows) subsample(criterion.weight, generator, size);
    return loss.baseline.map((_, score) => {
      const tree = new TreesWriter<number>();
      criterion.aimAt(score);
      grower.grow(countedRows(criterion.weight, rows), tree, generator);
      return tree;
    });
  };
}
