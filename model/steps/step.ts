/**
 * One step of a pipeline, as far as prediction needs it: a table of numbers goes in, another one comes out. What training
 * found (`trainer/operators/`) stands in the model file as plain JSON; `read` proves that it is what the step needs, so
 * that applying it cannot fail. It runs wherever a model predicts, in a browser too.
 */

/** Rows x columns, row by row. Every number is finite: the first step of every pipeline (`input`) fills what is missing. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** What a step is applied to. */
export interface Shape {
  /** Columns that go in. */
  readonly columns: number;
  /** How many classes the target has; undefined where it is a number. */
  readonly classes: number | undefined;
}

/** A step that can be applied. */
export interface ReadStep {
  /** Columns that come out. */
  readonly columns: number;
  /** Each row by itself: its answer does not depend on the rows beside it. Leaves its input as it is. */
  apply(input: Matrix): Matrix;
}

export interface Step {
  /**
   * A transformer's columns take the place of those that went in. A predictor answers one column (regression: the value), or
   * one for each class (its probability; they sum to 1).
   */
  readonly kind: "transformer" | "predictor";
  /**
   * @param fitted what the operator of the same name found, as read from JSON
   * @throws {LineError} naming the field that is not as it must be
   */
  read(fitted: unknown, shape: Shape): ReadStep;
}
