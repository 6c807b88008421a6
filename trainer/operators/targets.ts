/** The target, as an operator asks for it. */
import { OperatorError, type Target } from "./operator.ts";

/** The classes that have rows: of a fold that may be fewer than the target has. */
export interface PresentClasses {
  /** Codes, ascending. */
  readonly classes: readonly number[];
  /** Rows of each of them. */
  readonly counts: readonly number[];
  /** By row: the place of its class among `classes`. */
  readonly places: Int32Array;
}

/** @throws {OperatorError} where the target is no class */
export function presentClasses(target: Target): PresentClasses {
  if (target.problemType !== "classification") throw new OperatorError("the target is not a class");
  const counts = new Int32Array(target.classes);
  for (const code of target.codes) counts[code]! += 1;
  const classes = [...counts.keys()].filter((code) => counts[code]! > 0);
  const place = new Map(classes.map((code, k) => [code, k]));
  return {
    classes,
    counts: classes.map((code) => counts[code]!),
    places: target.codes.map((code) => place.get(code)!),
  };
}

/** @throws {OperatorError} where the target is a class */
export function targetValues(target: Target): Float64Array {
  if (target.problemType !== "regression") throw new OperatorError("the target is not a number");
  return target.values;
}
