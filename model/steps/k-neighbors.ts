/**
 * Predicts by the rows that are nearest among those it was fitted on, which stand in the model whole. Of rows that are
 * equally far the earlier one counts as nearer.
 */
import { LineError } from "../errors.ts";
import { asFields, finite, integer, integers, text } from "../fields.ts";
import { vectors } from "./arrays.ts";
import type { Step } from "./step.ts";

export interface FittedKNeighbors {
  readonly nNeighbors: number;
  /** All neighbours count alike, or each by 1 / distance. */
  readonly weights: "uniform" | "distance";
  /** Distances are sums of absolute differences (1) or Euclidean (2). */
  readonly p: number;
  readonly rows: readonly (readonly number[])[];
  /** Of each row the value, or the class's code. */
  readonly targets: readonly number[];
}

export const kNeighbors: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const rows = vectors(fields, "rows", columns);
    const targets =
      classes === undefined ? finite(fields, "targets") : integers(fields, "targets", { min: 0, max: classes - 1 });
    if (targets.length !== rows.length) throw new LineError(`targets must hold ${rows.length} numbers`);
    const count = integer(fields, "nNeighbors", { min: 1, max: rows.length });
    const p = integer(fields, "p", { min: 1, max: 2 });
    const weights = text(fields, "weights");
    if (weights !== "uniform" && weights !== "distance") throw new LineError("weights must be uniform or distance");
    const wide = classes ?? 1;
    return {
      columns: wide,
      apply(input) {
        const answers = new Float64Array(input.rows * wide);
        const nearest = { places: new Int32Array(count), weights: new Float64Array(count) };
        for (let row = 0; row < input.rows; row++) {
          find(nearest, { rows, p }, input.values.subarray(row * columns, (row + 1) * columns));
          toWeights(nearest.weights, { p, uniform: weights === "uniform" });
          for (let i = 0; i < count; i++) {
            const target = targets[nearest.places[i]!]!;
            if (classes === undefined) answers[row] = answers[row]! + nearest.weights[i]! * target;
            else answers[row * wide + target]! += nearest.weights[i]!;
          }
        }
        return { rows: input.rows, columns: wide, values: answers };
      },
    };
  },
};

interface Nearest {
  readonly places: Int32Array;
  /** First the distances (of p = 2 their squares), ascending; then what each neighbour counts. */
  readonly weights: Float64Array;
}

/** Fills `nearest` with the rows that are nearest to `point`. */
function find({ places, weights: distances }: Nearest, fitted: Fitted, point: Float64Array): void {
  const { rows, p } = fitted;
  const last = places.length - 1;
  distances.fill(Infinity);
  for (let row = 0; row < rows.length; row++) {
    const distance = p === 1 ? manhattan(rows[row]!, point) : squared(rows[row]!, point);
    // The first rows fill the places even where they are infinitely far.
    if (row > last && !(distance < distances[last]!)) continue;
    let at = Math.min(row, last);
    for (; at > 0 && distances[at - 1]! > distance; at--) {
      distances[at] = distances[at - 1]!;
      places[at] = places[at - 1]!;
    }
    distances[at] = distance;
    places[at] = row;
  }
}

interface Fitted {
  readonly rows: readonly Float64Array[];
  readonly p: number;
}

function squared(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += (a[c]! - b[c]!) * (a[c]! - b[c]!);
  return sum;
}

function manhattan(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += Math.abs(a[c]! - b[c]!);
  return sum;
}

/** Distances become weights that sum to 1. Where a neighbour is at the very point, only such ones count. */
function toWeights(distances: Float64Array, { p, uniform }: { p: number; uniform: boolean }): void {
  let total = 0;
  if (!uniform)
    for (let i = 0; i < distances.length; i++)
      total += distances[i] = 1 / (p === 1 ? distances[i]! : Math.sqrt(distances[i]!));
  if (total === Infinity) {
    total = 0;
    for (let i = 0; i < distances.length; i++) total += distances[i] = distances[i] === Infinity ? 1 : 0;
  }
  // Also where all are infinitely far.
  if (total === 0) total = distances.fill(1).length;
  for (let i = 0; i < distances.length; i++) distances[i]! /= total;
}
