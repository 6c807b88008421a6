/** Ending a boosting that no longer gets better on rows that it has not seen, by scikit-learn's rule. */
import { splitRows } from "../../data/split.ts";
import { random } from "../../traintask/random.ts";
import type { ForestTarget } from "../forest/input.ts";
import { BoostingOptionError } from "./errors.ts";
import type { EarlyStopping } from "./options.ts";

/** Names the numbers drawn here among all that are drawn with a task's seed. */
const stream = 3;

/**
 * Divides the rows to train on: each class, or tenth of the target's range of ranks, gives its share.
 * @throws {BoostingOptionError} where the share is not a single row
 */
export function setAside(
  rows: Uint32Array,
  target: ForestTarget,
  { validationFraction, seed }: { validationFraction: string; seed: number },
): { train: Uint32Array; validation: Uint32Array } {
  const ofRows =
    target.problemType === "regression"
      ? { problemType: target.problemType, values: Float64Array.from(rows, (row) => target.values[row]!) }
      : {
          problemType: target.problemType,
          classes: target.classes,
          codes: Uint16Array.from(rows, (row) => target.codes[row]!),
        };
  // A seed of its own: with the task's it would be the rows that the split of the table has shown not to be drawn.
  const options = { testFraction: validationFraction, seed: random(seed, stream).uint32() };
  const { train, test } = splitRows({ name: "target", ...ofRows }, options);
  if (test.length === 0)
    throw new BoostingOptionError(
      "earlyStopping.validationFraction",
      `${validationFraction} of ${rows.length} rows sets none aside: take a larger share, or no early stopping`,
    );
  const at = (positions: Uint32Array): Uint32Array => Uint32Array.from(positions, (position) => rows[position]!);
  return { train: at(train), validation: at(test) };
}

/**
 * Whether none of the last `nIterNoChange` losses is better, by more than `tol`, than the one before them.
 * @param losses the first is that of the constant scores before any iteration
 */
export function noLongerBetter(losses: readonly number[], { nIterNoChange, tol }: EarlyStopping): boolean {
  const before = losses.at(-nIterNoChange - 1);
  if (before === undefined) return false;
  return losses.slice(-nIterNoChange).every((loss) => !(loss < before - tol));
}
