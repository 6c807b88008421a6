/**
 * How good the model is, line by line: answers for held-out rows and out of the bag, and the learning curve. A score costs
 * a pass over the rows, so it is taken at the points of the curve only; answers are added up with each line.
 *
 * The main score is that of the held-out rows; without one, a forest's out-of-bag score, and of boosting the loss that the
 * lines bring along: on the rows that early stopping set aside, else on the training rows.
 */
import type { TableColumn } from "../data/column.ts";
import type { Split } from "../data/split.ts";
import type { Target } from "../data/target.ts";
import { bestIteration } from "../model/best-iteration.ts";
import type { TreesHeaderLine, IterationLine, TreeLine } from "../model/format.ts";
import { type CurvePoint, isCurvePoint, OpenCurve, type TreePoint } from "./curve.ts";
import type { Forest } from "./forest/forest.ts";
import type { Snapshot } from "./grower.ts";
import { heldOut, type HeldOut } from "./held-out.ts";
import type { Metric } from "./metrics.ts";
import {
  boostingPermutation,
  type LeftOut,
  permutation,
  type Permutation,
  type PermutationImportances,
} from "./permutation.ts";
import { mainMetric, mainScore, type Scores, scoresOn, scoreText } from "./scores.ts";

export interface ScoreboardOptions {
  readonly header: TreesHeaderLine;
  /** Those of the table, in the order of the header's. */
  readonly columns: readonly TableColumn[];
  readonly target: Target;
  readonly split: Split;
  readonly seed: number;
  /** Of a forest. */
  readonly forest?: Pick<Forest, "addOutOfBag" | "outOfBagPredictions" | "outOfBagProbabilities">;
}

/** All scores at one time. */
interface State {
  readonly heldOut: Scores | undefined;
  readonly outOfBag: Scores | undefined;
}

export class Scoreboard {
  readonly #options: ScoreboardOptions;
  readonly #heldOut: HeldOut;
  readonly #permutation: Permutation;
  readonly #best = bestIteration();
  readonly #trees: TreePoint[] = [];
  readonly #iterations = new OpenCurve();
  readonly #losses: IterationLine["loss"][] = [];
  #lines = 0;
  #state: (State & { readonly lines: number }) | undefined;
  #snapshot: Snapshot = { trees: 0, metrics: [], curve: [] };

  constructor(options: ScoreboardOptions) {
    const { header, columns, split } = options;
    this.#options = options;
    this.#heldOut = heldOut(header, columns, split.test);
    const shuffling = { ...options, rows: split.test };
    this.#permutation =
      header.trainer === "randomForest"
        ? permutation({ ...shuffling, trees: header.randomForest.nEstimators })
        : boostingPermutation(shuffling);
  }

  /** Counts a line; each once, in the order of their index. @returns the scores as of the last point of the curve */
  count(line: TreeLine | IterationLine): Snapshot {
    this.#heldOut.add(line);
    this.#permutation.add(line);
    this.#lines += 1;
    const isPoint = line.kind === "tree" ? this.#countTree(line) : this.#countIteration(line);
    if (isPoint) this.#snapshot = this.snapshot();
    return { ...this.#snapshot, trees: this.#lines };
  }

  /** The scores of all lines counted. */
  snapshot(): Snapshot {
    const { heldOut: held, outOfBag } = this.#scores();
    const score = this.#scoreText();
    return {
      trees: this.#lines,
      ...(score === undefined ? {} : { score }),
      metrics: [
        ...prefixed("held_out", held?.metrics),
        ...prefixed("out_of_bag", outOfBag?.metrics),
        ...lossMetrics(this.#losses.at(-1)),
      ],
      curve: this.curve(),
    };
  }

  /** On rows that no tree was grown from; undefined where there are none. */
  heldOut(): Scores | undefined {
    return this.#scores().heldOut;
  }

  /** On each row by the trees that had left it out; undefined without bootstrap, and for boosting. */
  outOfBag(): Scores | undefined {
    return this.#scores().outOfBag;
  }

  permutationImportances(): PermutationImportances | LeftOut | undefined {
    return this.#permutation.finish();
  }

  /** Index of the iteration that boosting predicts by; undefined for a forest and before the first. */
  get bestIteration(): number | undefined {
    return this.#best.iteration;
  }

  /** At most 20 points, the last of them, for boosting, at the last iteration. */
  curve(): readonly CurvePoint[] {
    const loss = this.#losses.at(-1);
    if (loss === undefined) return [...this.#trees];
    return this.#iterations.endingWith({ iterations: this.#lines, score: this.#iterationScore(loss), loss });
  }

  #countTree(line: TreeLine): boolean {
    const { forest, header } = this.#options;
    forest?.addOutOfBag(line);
    if (header.trainer !== "randomForest" || !isCurvePoint(this.#lines, header.randomForest.nEstimators)) return false;
    const score = this.#mainScore();
    if (score !== undefined) this.#trees.push({ trees: this.#lines, score });
    return true;
  }

  #countIteration(line: IterationLine): boolean {
    this.#best.add(line);
    this.#losses.push(line.loss);
    if (!this.#iterations.wants(this.#lines)) return false;
    this.#iterations.push({ iterations: this.#lines, score: this.#iterationScore(line.loss), loss: line.loss });
    return true;
  }

  /** Higher is better. */
  #iterationScore(loss: IterationLine["loss"]): number {
    return this.#mainScore() ?? -(loss.validation ?? loss.train);
  }

  /** Held out if there are test rows, else out-of-bag. */
  #mainScore(): number | undefined {
    const { target, split } = this.#options;
    const { heldOut: held, outOfBag } = this.#scores();
    return mainScore(target, split.test.length > 0 ? held : outOfBag);
  }

  #scoreText(): string | undefined {
    const score = this.#mainScore();
    if (score !== undefined) return scoreText(mainMetric(this.#options.target), score);
    const best = this.#best.iteration;
    if (best === undefined) return undefined;
    const { train, validation } = this.#losses[best]!;
    return scoreText("loss", validation ?? train);
  }

  /** Taken once for the lines counted so far. */
  #scores(): State {
    if (this.#state?.lines === this.#lines) return this.#state;
    const { target, split, forest } = this.#options;
    const isEmpty = this.#lines === 0;
    this.#state = {
      lines: this.#lines,
      heldOut: isEmpty ? undefined : scoresOn(target, split.test, this.#heldOut.outputs()),
      outOfBag: isEmpty || forest === undefined ? undefined : scoresOn(target, split.train, outOfBagOutputs(forest)),
    };
    return this.#state;
  }
}

function outOfBagOutputs(forest: Pick<Forest, "outOfBagPredictions" | "outOfBagProbabilities">): Float64Array {
  return forest.outOfBagProbabilities() ?? forest.outOfBagPredictions();
}

function prefixed(prefix: string, metrics: readonly Metric[] = []): Metric[] {
  return metrics.map(({ name, value }) => ({ name: `${prefix}_${name}`, value }));
}

function lossMetrics(loss: IterationLine["loss"] | undefined): Metric[] {
  if (loss === undefined) return [];
  const { train, validation } = loss;
  return [
    { name: "train_loss", value: train },
    ...(validation === undefined ? [] : [{ name: "validation_loss", value: validation }]),
  ];
}
