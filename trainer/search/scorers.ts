/**
 * Scores of a predictor's answers by scikit-learn's names, greater being better; as its scorers would give them
 * (test/golden/record_search.py), by the definitions of trainer/metrics.ts wherever these are the same.
 */
import type { Matrix } from "../../model/steps/step.ts";
import { mostProbable } from "../../model/most-probable.ts";
import type { Scorer } from "../../traintask/search.ts";
import { ConfigurationError } from "../errors.ts";
import { classificationScores, regressionScores } from "../metrics.ts";
import { OperatorError, type Target } from "../operators/operator.ts";
import { logLoss, rocAuc } from "../probability-scores.ts";

/** Of the answers to one fold's rows. */
export type Score = (target: Target, outputs: Matrix) => number;

type Values = Extract<Target, { problemType: "regression" }>["values"];
type Classes = Extract<Target, { problemType: "classification" }>;

export function defaultScorer(problemType: Target["problemType"]): Scorer {
  return problemType === "regression" ? "neg_mean_squared_error" : "accuracy";
}

/**
 * @returns its `outputs` are as a predictor gives them: a value for each row, or a probability for each row and class. It
 *   throws an OperatorError for a score that does not exist for these rows, or is not finite
 */
export function scorerOf(name: Scorer): Score {
  const score = scores[name];
  return (target, outputs) => {
    const value = score(target, outputs);
    if (!Number.isFinite(value)) throw new OperatorError(`${name} is not finite`);
    return value;
  };
}

const scores: Readonly<Record<Scorer, Score>> = {
  neg_mean_squared_error: ofValues((truth, answers) => -(errorsOf(truth, answers).rmse ** 2)),
  neg_root_mean_squared_error: ofValues((truth, answers) => -errorsOf(truth, answers).rmse),
  neg_mean_absolute_error: ofValues((truth, answers) => -errorsOf(truth, answers).mae),
  // A constant truth has no variance to explain: 1 for who hits it, 0 for who does not.
  r2: ofValues((truth, answers) => {
    const { r2, rmse } = errorsOf(truth, answers);
    return r2 ?? Number(rmse === 0);
  }),
  accuracy: ofClasses((truth, outputs) => labelScores(truth, outputs).accuracy),
  balanced_accuracy: ofClasses((truth, outputs) => labelScores(truth, outputs).balanced_accuracy),
  f1_macro: ofClasses(macroF1),
  roc_auc: ofClasses(area("roc_auc")),
  roc_auc_ovr: ofClasses(area("roc_auc_ovr")),
  neg_log_loss: ofClasses(({ codes, classes }, { values }) => -logLoss(codes, values, classes)),
};

/**
 * Whether these rows have such a score, so that not every trial fails for the want of it.
 * @throws {ConfigurationError} where they cannot
 */
export function requireScore(name: Scorer, target: Target, folds: readonly Int32Array[]): void {
  if (target.problemType === "regression" || (name !== "roc_auc" && name !== "roc_auc_ovr")) return;
  const { codes, classes } = target;
  if (name === "roc_auc" && classes > 2)
    throw new ConfigurationError(`spec.trainer.search.scoring: roc_auc is for two classes, and there are ${classes}.`, {
      advice: "Use roc_auc_ovr, the mean over the classes of each against the rest.",
    });
  if (folds.some((fold) => new Set(fold.values().map((row) => codes[row]!)).size < classes))
    throw new ConfigurationError(`spec.trainer.search.scoring: ${name} needs rows of every class in every fold.`, {
      advice: `A class has fewer rows than the ${folds.length} folds: set a smaller cv, or another scoring.`,
    });
}

function ofValues(score: (truth: Values, answers: Float64Array) => number): Score {
  return (target, { values }) => {
    if (target.problemType !== "regression") throw new TypeError("a score of numbers for classes");
    return score(target.values, values);
  };
}

function ofClasses(score: (target: Classes, outputs: Matrix) => number): Score {
  return (target, outputs) => {
    if (target.problemType !== "classification") throw new TypeError("a score of classes for numbers");
    return score(target, outputs);
  };
}

function errorsOf(truth: Values, answers: Float64Array): { r2?: number; rmse: number; mae: number } {
  return named(regressionScores(truth, answers).metrics) as { rmse: number; mae: number };
}

function labelScores(target: Classes, outputs: Matrix): { accuracy: number; balanced_accuracy: number } {
  const { metrics } = confusionOf(target, outputs);
  return named(metrics) as { accuracy: number; balanced_accuracy: number };
}

function named(metrics: readonly { readonly name: string; readonly value: number }[]): Record<string, number> {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

function confusionOf({ codes, classes }: Classes, { values }: Matrix): ReturnType<typeof classificationScores> {
  const predicted = Int32Array.from(codes, (_, row) =>
    mostProbable(values.subarray(row * classes, (row + 1) * classes)),
  );
  return classificationScores(codes, predicted, classes);
}

/** Over the classes that occur in the truth or in the answers: scikit-learn's, and not the reports'. */
function macroF1(target: Classes, outputs: Matrix): number {
  const { confusion } = confusionOf(target, outputs);
  let [sum, present] = [0, 0];
  for (const [label, row] of confusion.entries()) {
    const rows = row.reduce((total, count, other) => total + count + confusion[other]![label]!, 0);
    if (rows === 0) continue;
    sum += (2 * row[label]!) / rows;
    present += 1;
  }
  return sum / present;
}

function area(name: Scorer): (target: Classes, outputs: Matrix) => number {
  return ({ codes, classes }, { values }) => {
    const value = rocAuc(codes, values, classes);
    if (value === undefined) throw new OperatorError(`${name} needs rows of every class`);
    return value;
  };
}
