/**
 * What boosting makes smaller, over one set of rows: the loss at the raw scores so far, and its first and second
 * derivatives by them, from which the next trees are grown. The rows to train on are one such set, those that early
 * stopping sets aside are another.
 */
import type { ForestTarget } from "../forest/input.ts";
import type { Loss } from "./options.ts";
import { AbsoluteError } from "./absolute-error.ts";
import { BinaryLogLoss } from "./binary-log-loss.ts";
import { MultinomialLogLoss } from "./multinomial-log-loss.ts";
import { SquaredError } from "./squared-error.ts";

export interface LossRows {
  /** Targets, or indices of classes. */
  readonly truth: Float64Array;
  /** More than 0; all rows count 1 if absent. */
  readonly weights?: Float64Array;
}

export interface Derivatives {
  /** By row, weight included. */
  readonly gradient: Float64Array;
  /** By row, at least 0, weight included; 1 for each row if absent. */
  readonly hessian?: Float64Array;
}

export interface Objective {
  /** Raw scores, by output and row. Whoever changes them calls `evaluate` before `derive`. */
  readonly raw: readonly Float64Array[];
  /** The best constant scores, one per output. */
  baseline(): number[];
  /** The mean loss, rows counted by their weights, whatever their order. */
  evaluate(): number;
  /** By the raw score of one output; valid until the next call. Of several outputs, one tree's scores may change before the next call. */
  derive(output: number): Derivatives;
  /** The best constant to add to the scores of these rows, where it does not follow from the derivatives. */
  leaf?(rows: Int32Array): number;
}

export function objectiveOf(loss: Loss, target: ForestTarget, rows: LossRows): Objective {
  if (loss === "squaredError") return new SquaredError(rows);
  if (loss === "absoluteError") return new AbsoluteError(rows);
  const classes = target.problemType === "classification" ? target.classes.length : 0;
  return classes === 2 ? new BinaryLogLoss(rows) : new MultinomialLogLoss(rows, classes);
}
