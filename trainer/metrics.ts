/** Scores of predictions, by their usual definitions. */

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
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let row = 0; row < truth.length; row++) confusion[truth[row]!]![predicted[row]!]! += 1;
  let right = 0;
  let recall = 0;
  let f1 = 0;
  let present = 0;
  confusion.forEach((counts, index) => {
    const hits = counts[index]!;
    const actual = sum(counts);
    const claimed = sum(confusion.map((row) => row[index]!));
    right += hits;
    if (actual === 0) return;
    present += 1;
    recall += hits / actual;
    f1 += (2 * hits) / (actual + claimed);
  });
  return {
    metrics: [
      { name: "accuracy", value: right / truth.length },
      { name: "balanced_accuracy", value: recall / present },
      { name: "macro_f1", value: f1 / present },
    ],
    confusion,
  };
}

/** R2 (left out where the truth is constant), mean absolute error and root mean squared error. */
export function regressionScores(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionScores {
  const rows = truth.length;
  const errors = Float64Array.from(truth, (value, row) => value - predicted[row]!);
  const mean = sum(Array.from(truth)) / rows;
  const squared = sum(Array.from(errors, (error) => error * error));
  const variance = sum(Array.from(truth, (value) => (value - mean) ** 2));
  const sorted = errors.toSorted();
  const quantile = (share: number): number => sorted[Math.round(share * (rows - 1))]!;
  return {
    metrics: [
      ...(variance > 0 ? [{ name: "r2", value: 1 - squared / variance }] : []),
      { name: "mae", value: sum(Array.from(errors, Math.abs)) / rows },
      { name: "rmse", value: Math.sqrt(squared / rows) },
    ],
    residuals: {
      quantiles: [quantile(0), quantile(0.25), quantile(0.5), quantile(0.75), quantile(1)],
      mean: sum(Array.from(errors)) / rows,
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
