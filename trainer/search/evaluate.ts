/**
 * Trials, one after the other, on the same rows: each pipeline is fitted on the rows outside of a fold and scored on those
 * in it, fold by fold. Equal beginnings of pipelines give equal columns, so those are kept, within a bound of bytes; and an
 * ensemble that is evaluated with some members and then with more goes on from those it has.
 * Nothing kept changes a bit of any score: it is what would be computed again.
 */
import type { Matrix, Step } from "../../model/steps/step.ts";
import { input } from "../../model/steps/input.ts";
import { fitInput } from "../operators/input.ts";
import { type Fitted, OperatorError, type Target } from "../operators/operator.ts";
import { ByteCache } from "./byte-cache.ts";
import { columnCap, type Fitting, fitStep, type Grow, placed, type PlacedStep, withMembers } from "./fit-step.ts";
import { jsonBytes } from "./json-bytes.ts";
import type { OperatorTable, Pipeline } from "./pipeline.ts";
import { scorerOf } from "./scorers.ts";
import { otherRows, takeRows, takeTarget, type TrialData } from "./trial-data.ts";

export interface Trial {
  readonly pipeline: Pipeline;
  /** How many members the ensemble at its end has; all that it asks for if absent. */
  readonly members?: number | undefined;
}

export interface EvaluatorOptions {
  readonly operators: OperatorTable;
  readonly steps: Readonly<Record<string, Step>>;
  /** Bytes that one step may take beside its input. */
  readonly fitBytes: number;
  /** Bytes that may be kept between trials. */
  readonly cacheBytes: number;
}

/** What a pipeline's beginning has made of a fold's rows. */
interface Sides {
  readonly train: Matrix;
  readonly test: Matrix;
}

interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly targets: { readonly train: Target; readonly test: Target };
}

interface Ensemble {
  readonly members: number;
  readonly fitted: Fitted;
}

export class Evaluator {
  readonly fitting: Fitting;
  readonly data: TrialData;
  readonly #folds: readonly Fold[];
  readonly #score: (target: Target, outputs: Matrix) => number;
  readonly #sides: ByteCache<Sides>;
  readonly #ensembles: ByteCache<Ensemble>;

  constructor(data: TrialData, { operators, steps, fitBytes, cacheBytes }: EvaluatorOptions) {
    const columns = input.read(fitInput(data.x, data.input), shapeOf(data)).columns;
    this.data = data;
    this.fitting = { operators, steps, seed: data.seed, maxColumns: columnCap(columns), fitBytes };
    this.#score = scorerOf(data.scorer);
    this.#sides = new ByteCache(cacheBytes / 2);
    this.#ensembles = new ByteCache(cacheBytes / 2);
    this.#folds = data.folds.map((test) => {
      const train = otherRows(data.x.rows, test);
      const targets = { train: takeTarget(data.target, train), test: takeTarget(data.target, test) };
      return { train, test, targets };
    });
  }

  /**
   * @returns the score of each fold, greater is better
   * @throws OperatorError, TooLargeError and whatever a step throws that nobody foresaw
   */
  evaluate(trial: Trial): number[] {
    return this.#folds.map((fold, index) => this.#scoreOf(fold, index, trial));
  }

  #scoreOf(fold: Fold, index: number, { pipeline, members }: Trial): number {
    const steps = placed(pipeline);
    const predictor = steps.pop()!;
    const { train, test } = this.#transformed(fold, index, steps);
    const grow =
      members === undefined ? {} : { grow: this.#growing(`${index} ${predictor.prefix}`, predictor, members) };
    const fitted = fitStep(this.fitting, predictor, { x: train, target: fold.targets.train, ...grow });
    const score = this.#score(fold.targets.test, fitted.apply(test, { last: true }));
    if (!Number.isFinite(score)) throw new OperatorError(`the score of fold ${index + 1} is not finite`);
    return score;
  }

  /** The fold's rows after these steps, beginning with the longest beginning of them that is kept. */
  #transformed(fold: Fold, index: number, steps: readonly PlacedStep[]): Sides {
    const step = steps.at(-1);
    const key = `${index} ${step?.prefix ?? ""}`;
    const kept = this.#sides.get(key);
    if (kept !== undefined) return kept;
    let sides: Sides;
    if (step === undefined) sides = this.#filled(fold);
    else {
      const { train, test } = this.#transformed(fold, index, steps.slice(0, -1));
      const fitted = fitStep(this.fitting, step, { x: train, target: fold.targets.train });
      sides = { train: fitted.apply(train), test: fitted.apply(test) };
    }
    this.#sides.put(key, sides, 8 * (sides.train.values.length + sides.test.values.length));
    return sides;
  }

  #filled({ train, test }: Fold): Sides {
    const { x, input: columns } = this.data;
    const rows = takeRows(x, train);
    const filling = input.read(fitInput(rows, columns), shapeOf(this.data));
    return { train: filling.apply(rows), test: filling.apply(takeRows(x, test)) };
  }

  #growing(key: string, { parameters }: PlacedStep, members: number): Grow {
    return (operator, rows) => {
      const asked = withMembers(operator, parameters, members);
      const kept = this.#ensembles.get(key);
      const fitted =
        kept === undefined || kept.members >= members || operator.growing === undefined
          ? operator.fit(rows, asked)
          : operator.growing.extend(rows, asked, kept.fitted);
      this.#ensembles.put(key, { members, fitted }, jsonBytes(fitted));
      return fitted;
    };
  }
}

export function shapeOf({ x, target }: Pick<TrialData, "x" | "target">): {
  columns: number;
  classes: number | undefined;
} {
  return { columns: x.columns, classes: target.problemType === "classification" ? target.classes : undefined };
}
