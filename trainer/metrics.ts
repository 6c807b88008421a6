/**
 * Scores of predictions, by their usual definitions: scikit-learn's, to nine digits (see test/golden/record_metrics.py).
 * Each row counts once, whatever it weighs in training: a weight says how much a row matters to the model, not how often
 * its like will be asked for. Sums run in the order of the rows, so the same rows give the same bits.
 */
import { logLoss, rocAuc } from "./probability-scores.ts";

export interface Metric {
  /** `accuracy`, `r2` and so on. */
  readonly name: string;
  readonly value: number;
}

export interface ClassificationScores {
  readonly metrics: readonly Metric[];
  /** Rows are true classes, columns predicted ones, in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
}

export interface Residuals {
  /** True minus predicted: least, quartiles, greatest. */
  readonly quantiles: readonly [number, number, number, number, number];
  readonly mean: number;
}

export interface RegressionScores {
  readonly metrics: readonly Metric[];
  readonly residuals: Residuals;
}

/**
 * Accuracy, balanced accuracy (mean recall) and macro F1, both over the classes that occur in `truth`.
 * @param truth class of each row
 * @param predicted class predicted for each row, as many
 */
export function classificationScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ClassificationScores {
  const counts = confusionCounts(truth, predicted, classes);
  let right = 0;
  let recall = 0;
  let f1 = 0;
  let present = 0;
  for (let label = 0; label < classes; label++) {
    const hits = counts[label * classes + label]!;
    let actual = 0;
    let claimed = 0;
    for (let other = 0; other < classes; other++) {
      actual += counts[label * classes + other]!;
      claimed += counts[other * classes + label]!;
    }
    right += hits;
    if (actual === 0) continue;
    present += 1;
    recall += hits / actual;
    f1 += (2 * hits) / (actual + claimed);
  }
  return {
    metrics: [
      { name: "accuracy", value: right / truth.length },
      { name: "balanced_accuracy", value: recall / present },
      { name: "macro_f1", value: f1 / present },
    ],
    confusion: Array.from({ length: classes }, (_, label) =>
      Array.from(counts.subarray(label * classes, (label + 1) * classes)),
    ),
  };
}

function confusionCounts(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < truth.length; row++) counts[truth[row]! * classes + predicted[row]!]! += 1;
  return counts;
}

/**
 * Log loss, and the area under the ROC curve where every class has a row.
 * @param truth class of each row
 * @param probabilities of all classes for each row, row by row
 */
export function probabilityMetrics(
  truth: ArrayLike<number>,
  probabilities: Float64Array,
  classes: number,
): readonly Metric[] {
  const auc = rocAuc(truth, probabilities, classes);
  return [
    { name: "log_loss", value: logLoss(truth, probabilities, classes) },
    ...(auc === undefined ? [] : [{ name: "roc_auc", value: auc }]),
  ];
}

/** R2 (left out where the truth is constant), root mean squared error and mean absolute error. */
export function regressionScores(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionScores {
  const rows = truth.length;
  const errors = Float64Array.from(truth, (value, row) => value - predicted[row]!);
  const mean = sum(truth, (value) => value) / rows;
  const squared = sum(errors, (error) => error * error);
  const variance = sum(truth, (value) => (value - mean) ** 2);
  const sorted = errors.toSorted();
  const quantile = (share: number): number => sorted[Math.round(share * (rows - 1))]!;
  return {
    metrics: [
      ...(variance > 0 ? [{ name: "r2", value: 1 - squared / variance }] : []),
      { name: "rmse", value: Math.sqrt(squared / rows) },
      { name: "mae", value: sum(errors, Math.abs) / rows },
    ],
    residuals: {
      quantiles: [quantile(0), quantile(0.25), quantile(0.5), quantile(0.75), quantile(1)],
      mean: sum(errors, (error) => error) / rows,
    },
  };
}

function sum(values: ArrayLike<number>, of: (value: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i]!);
  return total;
}
