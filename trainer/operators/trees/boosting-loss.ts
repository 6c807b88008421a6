/**
 * What boosting follows: from the raw scores so far the residuals, which trees are grown on, and the step of a leaf, which is
 * Newton's for the log loss. As scikit-learn's GradientBoosting (Friedman, 2001).
 */
import { softmax } from "../../../model/steps/softmax.ts";
import type { Target } from "../operator.ts";
import { presentClasses } from "../targets.ts";
import { centred } from "./centred.ts";

export interface Loss {
  /** Of classes: those that have rows, ascending. */
  readonly classes?: readonly number[];
  /** Where each score begins. */
  readonly baseline: readonly number[];
  /** Raw scores are scores minus `origin`, over `unit`, a power of two. */
  readonly origin: number;
  readonly unit: number;
  /** By score and row: how far the score is from what it should be. `residuals` writes it. */
  readonly residual: readonly Float64Array[];
  /** By score and row: how much the residual changes with the score; absent: by 1. */
  readonly slope?: readonly Float64Array[];
  /** What the step of a leaf is multiplied by. */
  readonly factor: number;
  /** @param raw by score and row */
  residuals(raw: readonly Float64Array[]): void;
}

export function lossOf(target: Target): Loss {
  if (target.problemType === "regression") return squaredError(target.values);
  const { classes, counts, places } = presentClasses(target);
  if (classes.length === 2) return binary(classes, counts, places);
  return multinomial(classes, counts, places);
}

function squaredError(values: Float64Array): Loss {
  const { numbers, mean, unit } = centred(values);
  const residual = [new Float64Array(values.length)];
  return {
    baseline: [mean],
    origin: mean,
    unit,
    residual,
    factor: 1,
    residuals([raw]) {
      for (let row = 0; row < numbers.length; row++) residual[0]![row] = numbers[row]! - raw![row]!;
    },
  };
}

/** The score is the second class's logit. */
function binary(classes: readonly number[], counts: readonly number[], places: Int32Array): Loss {
  const residual = [new Float64Array(places.length)];
  const slope = [new Float64Array(places.length)];
  return {
    classes,
    baseline: [Math.log(counts[1]! / counts[0]!)],
    origin: 0,
    unit: 1,
    residual,
    slope,
    factor: 1,
    residuals([raw]) {
      for (let row = 0; row < places.length; row++) {
        const p = 1 / (1 + Math.exp(-raw![row]!));
        residual[0]![row] = places[row]! - p;
        slope[0]![row] = p * (1 - p);
      }
    },
  };
}

function multinomial(classes: readonly number[], counts: readonly number[], places: Int32Array): Loss {
  const residual = classes.map(() => new Float64Array(places.length));
  const slope = classes.map(() => new Float64Array(places.length));
  const share = new Float64Array(classes.length);
  return {
    classes,
    baseline: counts.map((count) => Math.log(count / places.length)),
    origin: 0,
    unit: 1,
    residual,
    slope,
    factor: (classes.length - 1) / classes.length,
    residuals(raw) {
      for (let row = 0; row < places.length; row++) {
        for (let k = 0; k < share.length; k++) share[k] = raw[k]![row]!;
        softmax(share, 0, share.length);
        for (let k = 0; k < share.length; k++) {
          const p = share[k]!;
          residual[k]![row] = (places[row] === k ? 1 : 0) - p;
          slope[k]![row] = p * (1 - p);
        }
      }
    },
  };
}
