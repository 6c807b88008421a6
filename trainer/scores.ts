/** All scores of a model's answers on some rows of the table, and the one of them that people are shown first. */
import type { Target } from "../data/target.ts";
import { mostProbable } from "../model/most-probable.ts";
import {
  type ClassificationScores,
  classificationScores,
  type Metric,
  probabilityMetrics,
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

/**
 * Scores of answers on some rows of the target.
 * @param rows numbers of the rows
 * @param outputs per row its value, or the probabilities of its classes one after the other; a row with NaN has no
 *   answer and is not scored
 * @returns undefined when there is no row to score
 */
export function scoresOn(target: Target, rows: Uint32Array, outputs: Float64Array): Scores | undefined {
  const width = target.problemType === "regression" ? 1 : target.classes.length;
  const answered = rows.filter((_, place) => !Number.isNaN(outputs[place * width]!));
  if (answered.length === 0) return undefined;
  const answers = answered.length === rows.length ? outputs : outputs.filter((output) => !Number.isNaN(output));
  if (target.problemType === "regression") {
    const truth = Float64Array.from(answered, (row) => target.values[row]!);
    return { rows: answered.length, ...regressionScores(truth, answers) };
  }
  const truth = Uint16Array.from(answered, (row) => target.codes[row]!);
  const predicted = Uint16Array.from(truth, (_, place) =>
    mostProbable(answers.subarray(place * width, (place + 1) * width)),
  );
  const { metrics, confusion } = classificationScores(truth, predicted, width);
  return {
    rows: answered.length,
    metrics: [...metrics, ...probabilityMetrics(truth, answers, width)],
    ...(width > maxConfusionClasses ? {} : { confusion }),
  };
}

export type MainMetric = "accuracy" | "r2";

/** The score that stands for all: accuracy or R2. */
export function mainMetric({ problemType }: Pick<Target, "problemType">): MainMetric {
  return problemType === "classification" ? "accuracy" : "r2";
}

/** Undefined without scores, and where R2 does not exist. */
export function mainScore(target: Pick<Target, "problemType">, scores: Scores | undefined): number | undefined {
  return scores?.metrics.find(({ name }) => name === mainMetric(target))?.value;
}

/** The main score for people: `acc 0.953`, `R2 0.41`; of boosting without a held-out row the loss, `loss 0.123`. */
export function scoreText(metric: MainMetric | "loss", value: number): string {
  if (metric === "loss") return `loss ${value.toPrecision(3)}`;
  return metric === "accuracy" ? `acc ${value.toFixed(3)}` : `R2 ${value.toFixed(2)}`;
}
