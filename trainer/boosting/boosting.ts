/**
 * Gradient boosting, iteration by iteration: each adds a tree (of more than two classes, one for each) that takes a step from the raw scores so
 * far towards less loss. After Friedman (2001) and, for histograms and growth by leaves, LightGBM (Ke et al., 2017); options and
 * their meanings are those of scikit-learn's HistGradientBoosting.
 *
 * An iteration is a pure function of (data, options, seed, the lines before it). So a run that died goes on from its stored lines:
 * their leaves are added up in the order in which they were grown, and have to lead to the very losses that the lines state.
 */
import { compactTree, leafOf } from "../../model/compact.ts";
import type { BoostedTree, IterationLine } from "../../model/format.ts";
import type { Matrix } from "../forest/matrix.ts";
import { Arena, type Stretch } from "./arena.ts";
import { fillContent, type Scales } from "./content.ts";
import { readRows } from "./data-rows.ts";
import { noLongerBetter } from "./early-stopping.ts";
import { finite, ReplayError } from "./errors.ts";
import { type GrownTree, TreeGrower, withValues } from "./grow.ts";
import type { Boosting, BoostingHeader, BoostingInput } from "./input.ts";
import { type Derivatives, type Objective, objectiveOf } from "./objective.ts";
import { type BoostingOptions, boostingOptions } from "./options.ts";

export { BoostingOptionError, FiniteError, ReplayError } from "./errors.ts";
export type { Boosting, BoostingHeader, BoostingInput } from "./input.ts";

/** Stands in the header of each model. Raise the version with any change after which some tree has other bytes. */
export const boostingVersion = "traintask-boosting/1";

/**
 * Bins the columns and readies the scores before the first iteration.
 * @throws {BoostingOptionError} for an option that does not fit the data
 * @throws {RangeError} for data that the reader of tables had to refuse: no rows or columns, infinities, a missing target
 */
export function prepareBoosting(input: BoostingInput): Boosting {
  const { target } = input;
  const options = boostingOptions(input.options, target.problemType);
  const { matrix, train, validation } = readRows(input, options);
  const objective = objectiveOf(options.loss, target, train);
  const baseline = objective.baseline().map((score) => finite(score, "the baseline"));
  const header: BoostingHeader = {
    grower: boostingVersion,
    problemType: target.problemType,
    ...(target.problemType === "classification" ? { classes: target.classes } : {}),
    columns: matrix.columns,
    rows: matrix.rows,
    gradientBoosting: { maxIter: options.maxIter, baseline },
  };
  const heldOut = validation && objectiveOf(options.loss, target, validation);
  return new HistogramBoosting(header, options, { matrix, train: objective, ...(heldOut && { validation: heldOut }) });
}

interface Scored {
  readonly matrix: Matrix;
  readonly train: Objective;
  readonly validation?: Objective;
}

class HistogramBoosting implements Boosting {
  readonly header: BoostingHeader;
  iterations = 0;
  readonly #options: BoostingOptions;
  readonly #train: Objective;
  readonly #validation: Objective | undefined;
  readonly #arena: Arena;
  readonly #grower: TreeGrower;
  readonly #leafHessian: Float64Array;
  /** By column of the table: its place in a row's codes. */
  readonly #places: ReadonlyMap<number, number>;
  /** Validation losses, the first before any iteration. */
  readonly #losses: number[] = [];

  constructor(header: BoostingHeader, options: BoostingOptions, { matrix, train, validation }: Scored) {
    this.header = header;
    this.#options = options;
    this.#train = train;
    this.#validation = validation;
    const training = train.raw[0]!.length;
    this.#arena = new Arena(matrix, { training, histograms: options.maxLeafNodes + 1 });
    this.#places = new Map(Array.from(matrix.varying, (column, place) => [column, place]));
    const bins = matrix.varying.map((index) => {
      const column = matrix.columns[index]!;
      return column.type === "number" ? column.edges.length + 1 : column.categories.length;
    });
    this.#grower = new TreeGrower(this.#arena, bins, options);
    this.#leafHessian = new Float64Array(training);
    header.gradientBoosting.baseline.forEach((score, k) => {
      train.raw[k]!.fill(score);
      validation?.raw[k]!.fill(score);
    });
    this.#evaluate();
  }

  get stopped(): boolean {
    const { earlyStopping } = this.#options;
    return earlyStopping !== undefined && noLongerBetter(this.#losses, earlyStopping);
  }

  grow(): IterationLine | undefined {
    if (this.iterations >= this.#options.maxIter || this.stopped) return undefined;
    const gains = new Float64Array(this.header.columns.length);
    const trees = this.#train.raw.map((_, output) => this.#growTree(output, gains));
    const iteration = this.iterations++;
    const loss = this.#evaluate();
    const importance = Array.from(gains.entries()).flatMap(([column, gain]) =>
      gain > 0 ? [column, finite(gain, "a gain")] : [],
    );
    return { kind: "iteration", iteration, trees, loss, importance };
  }

  #growTree(output: number, gains: Float64Array): BoostedTree {
    const derivatives = this.#train.derive(output);
    const { content } = this.#arena;
    const scales = fillContent(derivatives, { content, leafHessian: this.#leafHessian });
    const grown = this.#grower.grow(scales, gains);
    const value = grown.leaves.map((leaf) => this.#leafValue(leaf, derivatives, scales));
    this.#addToTrained(output, grown, value);
    const tree = withValues(grown, value);
    if (this.#validation !== undefined) this.#addWalking(tree, this.#validation.raw[output]!, this.#arena.training);
    return tree;
  }

  /** The step to the least loss in the rows of a leaf, cut short by the learning rate. */
  #leafValue({ start, end }: Stretch, { hessian }: Derivatives, scales: Scales): number {
    const { learningRate, l2Regularization } = this.#options;
    const { order, content } = this.#arena;
    if (this.#train.leaf !== undefined)
      return finite(this.#train.leaf(order.subarray(start, end)) * learningRate, "a leaf");
    let g = 0;
    let h = 0;
    for (let i = start; i < end; i++) g += content[order[i]! * 2 + 1]!;
    if (hessian === undefined) h = end - start;
    else {
      for (let i = start; i < end; i++) h += this.#leafHessian[order[i]!]!;
      h /= scales.leafHessian;
    }
    // Where scores no longer have any effect there is no step to take.
    if (h + l2Regularization === 0) return 0;
    return finite((-g / scales.gradient / (h + l2Regularization)) * learningRate, "a leaf");
  }

  #addToTrained(output: number, { leaves }: GrownTree, value: readonly number[]): void {
    const raw = this.#train.raw[output]!;
    const { order } = this.#arena;
    leaves.forEach(({ start, end }, leaf) => {
      const step = value[leaf]!;
      for (let i = start; i < end; i++) raw[order[i]!] = raw[order[i]!]! + step;
    });
  }

  /** Adds the tree's leaves to the scores of rows that follow each other, from row `first` of the arena on. */
  #addWalking(tree: BoostedTree, raw: Float64Array, first: number): void {
    const feature = tree.feature.map((column) => (column < 0 ? -1 : this.#places.get(column)!));
    const compact = compactTree({ ...tree, feature }, "regression");
    const { codes, codesPerRow } = this.#arena;
    for (let row = 0; row < raw.length; row++) {
      const leaf = leafOf(compact, codes, { stride: 1, at: (first + row) * codesPerRow });
      raw[row] = raw[row]! + tree.value[leaf]!;
    }
  }

  /** The losses at the scores so far. */
  #evaluate(): IterationLine["loss"] {
    const train = finite(this.#train.evaluate(), "the training loss");
    if (this.#validation === undefined) return { train };
    const validation = finite(this.#validation.evaluate(), "the validation loss");
    this.#losses.push(validation);
    return { train, validation };
  }

  replay(line: IterationLine): void {
    const at = `iteration ${line.iteration}`;
    if (line.iteration !== this.iterations) throw new ReplayError(`${at} cannot follow ${this.iterations} iterations`);
    if (this.iterations >= this.#options.maxIter || this.stopped)
      throw new ReplayError(`${at} follows the last one that these options ask for`);
    if (line.trees.length !== this.#train.raw.length)
      throw new ReplayError(`${at} has ${line.trees.length} trees instead of ${this.#train.raw.length}`);
    for (const column of line.trees.flatMap(({ feature }) => feature))
      if (column >= 0 && !this.#places.has(column))
        throw new ReplayError(`${at} splits column ${column}, which has a single value in this table`);
    line.trees.forEach((tree, output) => {
      this.#addWalking(tree, this.#train.raw[output]!, 0);
      if (this.#validation !== undefined) this.#addWalking(tree, this.#validation.raw[output]!, this.#arena.training);
    });
    this.iterations++;
    const { train, validation } = this.#evaluate();
    if (train === line.loss.train && validation === line.loss.validation) return;
    const losses = `a training loss of ${train} and a validation loss of ${validation}`;
    throw new ReplayError(
      `${at} says ${line.loss.train} and ${line.loss.validation}, but its trees lead to ${losses}: another table or other options made it`,
    );
  }
}
