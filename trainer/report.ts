/**
 * The report of a run: one JSON object that says how good the model is and what a person should know about the data.
 * It is a function of the data, the spec and the trees alone: no time, host or attempt, so a run that was killed five
 * times reports the same bytes.
 */
import type { Target } from "../data/target.ts";
import type { HeaderLine } from "../model/format.ts";
import type { CurvePoint } from "./curve.ts";
import {
  type ClassificationScores,
  classificationScores,
  type Metric,
  type RegressionScores,
  regressionScores,
} from "./metrics.ts";

/** A confusion matrix of more classes than this would be larger than all the rest; it is left out. */
export const maxConfusionClasses = 200;

/** Scores over some rows; of classification with the confusion matrix, of regression with the residuals. */
export interface Scores extends Partial<Pick<ClassificationScores, "confusion"> & Pick<RegressionScores, "residuals">> {
  readonly rows: number;
  readonly metrics: readonly Metric[];
}

export interface Report {
  readonly kind: "report";
  readonly version: 1;
  readonly problemType: HeaderLine["problemType"];
  readonly target: string;
  /** Labels, in the order of the confusion matrix. */
  readonly classes?: readonly string[];
  readonly rows: { readonly train: number; readonly test: number };
  readonly trees: { readonly grown: number; readonly asked: number };
  /** The main score, as in the task's status. */
  readonly score?: string;
  /** On rows that no tree was grown from. Absent when testFraction is 0. */
  readonly heldOut?: Scores;
  /** On each row by the trees that had left it out. Absent without bootstrap. */
  readonly outOfBag?: Scores;
  /** Share of the impurity decrease, greatest first; they sum to 1. */
  readonly importances: readonly { readonly column: string; readonly importance: number }[];
  readonly curve: readonly CurvePoint[];
  readonly warnings: readonly string[];
}

/**
 * Scores of predictions on some rows of the target.
 * @param rows numbers of the rows
 * @param predicted as many predictions; rows with NaN are not scored
 * @returns undefined when there is no row to score
 */
export function scoresOn(target: Target, rows: Uint32Array, predicted: Float64Array): Scores | undefined {
  const scored = Array.from(rows.keys()).filter((place) => !Number.isNaN(predicted[place]!));
  if (scored.length === 0) return undefined;
  const answers = scored.map((place) => predicted[place]!);
  const count = scored.length;
  if (target.problemType === "regression") {
    return {
      rows: count,
      ...regressionScores(
        scored.map((place) => target.values[rows[place]!]!),
        answers,
      ),
    };
  }
  const truth = scored.map((place) => target.codes[rows[place]!]!);
  const { metrics, confusion } = classificationScores(truth, answers, target.classes.length);
  return { rows: count, metrics, ...(target.classes.length > maxConfusionClasses ? {} : { confusion }) };
}

/** The main metric for people: `acc 0.953`, `R2 0.41`. */
export function scoreText(metric: "accuracy" | "r2", value: number): string {
  return metric === "accuracy" ? `acc ${value.toFixed(3)}` : `R2 ${value.toFixed(2)}`;
}
