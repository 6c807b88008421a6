/**
 * What a search can put into a pipeline: an operator finds in rows what a step (`model/steps/`, the file of the same name)
 * then applies to any row. The same input, parameters and seed give the same result on every machine.
 */
import type { Matrix, Step } from "../../model/steps/step.ts";

export type Parameter = number | string | boolean;
export type Parameters = Readonly<Record<string, Parameter>>;

/** What the rows are to be told by. */
export type Target =
  | { readonly problemType: "regression"; readonly values: Float64Array }
  /** Codes from 0 to classes - 1; a class may have no row here. */
  | { readonly problemType: "classification"; readonly codes: Int32Array; readonly classes: number };

export interface FitInput {
  readonly x: Matrix;
  /** One for each row. */
  readonly target: Target;
  /** Names whatever is drawn at random (traintask/random.ts). */
  readonly seed: number;
}

export interface FitShape {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number | undefined;
}

/** Plain JSON, every number in it finite: what `Step.read` of the same name takes. */
export type Fitted = object;

export interface Operator {
  readonly kind: Step["kind"];
  readonly problemTypes: readonly Target["problemType"][];
  /** What each hyperparameter may be, the default first. */
  readonly parameters: Readonly<Record<string, readonly [Parameter, ...Parameter[]]>>;
  /** Those of them that mean something for one kind of target alone: for the other any value does the same. */
  readonly onlyFor?: Readonly<Record<string, Target["problemType"]>>;
  /** Values that are never taken together, for no rows can be fitted with them: a search does not come up with them. */
  excludes?(parameters: Parameters): boolean;
  /**
   * At most how many bytes fitting takes beside its input; absent where that is a small multiple of the input.
   * @throws {OperatorError} where the input has a shape that the operator does not take
   */
  bytes?(shape: FitShape, parameters: Parameters): number;
  /** @throws {OperatorError} saying why these rows cannot be fitted */
  fit(input: FitInput, parameters: Parameters): Fitted;
  /**
   * Of an ensemble that may be begun small: the parameter that counts its members, and how it goes on. `extend` answers
   * what `fit` would with as many members as `parameters` asks for, having `fitted` with fewer of them.
   */
  readonly growing?: {
    readonly parameter: string;
    /** Members of the whole. */
    readonly members: number;
    extend(input: FitInput, parameters: Parameters, fitted: Fitted): Fitted;
  };
}

/** Why an operator cannot fit these rows: the trial fails with it, the search goes on. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}

/** @throws {OperatorError} where a number among them is not finite */
export function finiteNumbers(what: string, numbers: ArrayLike<number>): number[] {
  const plain = Array.from(numbers);
  if (!plain.every(Number.isFinite)) throw new OperatorError(`${what} is not finite`);
  return plain;
}
