/**
 * What a row counts: its own weight times that of its class. scikit-learn's meanings, but with bootstrap the weights count
 * in each tree and do not change which rows are drawn, so a row is drawn, and left out, whatever it weighs.
 */
import type { RandomForestSpec } from "../../traintask/trainers.ts";
import type { ForestTarget } from "./input.ts";
import { ForestOptionError, requireDecimal } from "./option-error.ts";

/**
 * Weights as integers, so that sums of them are exact: by a power of ten where that makes all of them whole, else on the finest
 * grid on which the heaviest is at most `largest`. A weight above 0 stays above 0.
 */
export function integerWeights(weights: Float64Array, largest: number): Float64Array {
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const whole = (scale: number): boolean => weights.every((weight) => Math.round(weight * scale) / scale === weight);
  let scale = 1;
  while (scale <= 1e6 && heaviest * scale <= largest && !whole(scale)) scale *= 10;
  if (scale > 1e6 || heaviest * scale > largest) scale = 2 ** Math.floor(Math.log2(largest / heaviest));
  return weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round(weight * scale))));
}

/**
 * The weights of the rows to train on; undefined where each counts 1.
 * @throws {RangeError} for weights that are missing, negative, infinite, or all 0
 */
export function weightsOf(weights: Float64Array | undefined, rows: Uint32Array): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const own = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    const weight = weights[row];
    if (weight === undefined) throw new RangeError(`weights: row ${row} has none, there are ${weights.length}`);
    if (!Number.isFinite(weight) || weight < 0)
      throw new RangeError(`weights: row ${row} weighs ${weight}; a weight is a number of at least 0`);
    own[i] = weight;
  });
  if (!own.some((weight) => weight > 0)) throw new RangeError("weights: every row to train on weighs 0");
  return own;
}

type ClassOptions = Pick<RandomForestSpec, "classWeight" | "classWeights">;

/**
 * What each class counts in all trees; undefined where each counts 1, and for `balancedSubsample`.
 * @param truth the class of each row to train on
 * @throws {ForestOptionError} for class weights of a regression, of unknown labels, or all 0
 */
export function classFactors(
  options: ClassOptions,
  target: ForestTarget,
  truth: Float64Array,
): Float64Array | undefined {
  const { classWeight, classWeights } = options;
  if (target.problemType === "regression") {
    if (classWeight !== "none") throw new ForestOptionError("classWeight", "a regression has no classes to weigh");
    if (classWeights !== undefined) throw new ForestOptionError("classWeights", "a regression has no classes to weigh");
    return undefined;
  }
  if (classWeights !== undefined) {
    if (classWeight !== "none")
      throw new ForestOptionError("classWeights", "give classWeight or classWeights, not both");
    return namedFactors(classWeights, target.classes, truth);
  }
  if (classWeight !== "balanced") return undefined;
  const counts = new Float64Array(target.classes.length);
  for (const label of truth) counts[label] = counts[label]! + 1;
  return balancedFactors(counts);
}

function namedFactors(
  named: NonNullable<RandomForestSpec["classWeights"]>,
  classes: readonly string[],
  truth: Float64Array,
): Float64Array {
  const factors = new Float64Array(classes.length).fill(1);
  const seen = new Set<string>();
  for (const { label, weight } of named) {
    const index = classes.indexOf(label);
    const at = `label ${JSON.stringify(label)}`;
    if (index < 0) throw new ForestOptionError("classWeights", `${at} is no class of the target`);
    if (seen.has(label)) throw new ForestOptionError("classWeights", `${at} is named twice`);
    seen.add(label);
    factors[index] = requireDecimal(`classWeights of ${at}`, weight);
  }
  if (!truth.some((label) => factors[label]! > 0))
    throw new ForestOptionError("classWeights", "every class of the rows to train on weighs 0");
  return factors;
}

/** Factors that give each class that occurs the same total weight, and all rows together the weight of all draws. */
export function balancedFactors(counts: Float64Array): Float64Array {
  const present = counts.reduce((classes, count) => (count > 0 ? classes + 1 : classes), 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count > 0 ? total / (present * count) : 0));
}

/** Each row's weight times what its class counts. */
export function weighed(
  own: Float64Array | undefined,
  { factors, truth }: { readonly factors: Float64Array; readonly truth: Float64Array },
): Float64Array {
  return truth.map((label, row) => factors[label]! * (own?.[row] ?? 1));
}
