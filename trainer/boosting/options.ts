/** The options of boosting as numbers, checked for what the schema of a task cannot check. Meanings are scikit-learn's. */
import type { GradientBoostingSpec } from "../../traintask/trainers.ts";
import type { ForestTarget } from "../forest/input.ts";
import { BoostingOptionError } from "./errors.ts";

export type Loss = NonNullable<GradientBoostingSpec["loss"]>;

export interface EarlyStopping {
  /** A decimal between 0 and 1. */
  readonly validationFraction: string;
  readonly nIterNoChange: number;
  readonly tol: number;
}

export interface BoostingOptions {
  readonly loss: Loss;
  readonly learningRate: number;
  readonly maxIter: number;
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
  readonly maxBins: number;
  readonly earlyStopping?: EarlyStopping;
}

/** @throws {BoostingOptionError} naming the option */
export function boostingOptions(spec: GradientBoostingSpec, problemType: ForestTarget["problemType"]): BoostingOptions {
  const { maxIter, maxLeafNodes, minSamplesLeaf, maxBins } = spec;
  const learningRate = decimal(spec.learningRate, "learningRate");
  if (learningRate === 0) throw new BoostingOptionError("learningRate", "must be more than 0, or nothing is learnt");
  return {
    loss: lossOf(spec.loss, problemType),
    learningRate,
    maxIter,
    maxLeafNodes,
    maxDepth: spec.maxDepth ?? Infinity,
    minSamplesLeaf,
    l2Regularization: decimal(spec.l2Regularization, "l2Regularization"),
    maxBins,
    ...(spec.earlyStopping === undefined ? {} : { earlyStopping: earlyStoppingOf(spec.earlyStopping) }),
  };
}

function lossOf(loss: Loss | undefined, problemType: ForestTarget["problemType"]): Loss {
  const forClasses = problemType === "classification";
  if (loss === undefined) return forClasses ? "logLoss" : "squaredError";
  if (forClasses && loss !== "logLoss")
    throw new BoostingOptionError("loss", `${loss} is for a target of numbers, and this one has classes: use logLoss`);
  if (!forClasses && loss === "logLoss")
    throw new BoostingOptionError(
      "loss",
      "logLoss is for a target of classes, and this one has numbers: use squaredError or absoluteError",
    );
  return loss;
}

function earlyStoppingOf(spec: NonNullable<GradientBoostingSpec["earlyStopping"]>): EarlyStopping {
  const { validationFraction, nIterNoChange } = spec;
  if (decimal(validationFraction, "earlyStopping.validationFraction") === 0)
    throw new BoostingOptionError(
      "earlyStopping.validationFraction",
      "must be more than 0: early stopping judges by the rows that it sets aside",
    );
  return { validationFraction, nIterNoChange, tol: decimal(spec.tol, "earlyStopping.tol") };
}

function decimal(text: string, field: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < Infinity))
    throw new BoostingOptionError(field, `must be a decimal number of at least 0, not ${JSON.stringify(text)}`);
  return value;
}
