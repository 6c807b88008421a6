/** Rows in blocks that follow each other, each told by a linear model of the other blocks, as scikit-learn's KFold divides. */
import type { Matrix } from "../../model/steps/step.ts";
import { type Design, designOf, dot } from "./design.ts";
import { OperatorError } from "./operator.ts";

const blocks = 5;

export interface Block {
  /** The rows outside of the block. */
  readonly design: Design;
  /** The rows of the block. */
  readonly values: Float64Array;
  readonly y: Float64Array;
}
export interface Linear {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

export const allRows = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

/**
 * @param normalize whether columns are divided by their Euclidean norm, in each block anew
 * @throws {OperatorError} where there are fewer rows than blocks
 */
export function* blocksOf(x: Matrix, y: Float64Array, { normalize }: { normalize: boolean }): Generator<Block> {
  if (x.rows < blocks) throw new OperatorError(`${x.rows} rows cannot be divided into ${blocks} blocks`);
  for (let block = 0, from = 0; block < blocks; block++) {
    const to = from + Math.floor(x.rows / blocks) + (block < x.rows % blocks ? 1 : 0);
    const others = allRows(x).filter((row) => row < from || row >= to);
    yield {
      design: designOf(x, y, { rows: others, normalize }),
      values: x.values.subarray(from * x.columns, to * x.columns),
      y: y.subarray(from, to),
    };
    from = to;
  }
}

/** A model of the columns as they were. */
export function modelOf({ means, scales, yMean }: Design, weights: Float64Array): Linear {
  const coefficients = weights.map((weight, c) => weight / scales[c]!);
  return { coefficients, intercept: yMean - dot(coefficients, means) };
}

/** What the model says of the block's rows, less what is true. */
export function mistakes(
  { coefficients, intercept }: Linear,
  { values, y }: Pick<Block, "values" | "y">,
): Float64Array {
  const found = new Float64Array(y.length);
  for (let row = 0, at = 0; row < y.length; row++) {
    let mistake = intercept - y[row]!;
    for (let c = 0; c < coefficients.length; c++, at++) mistake += values[at]! * coefficients[c]!;
    found[row] = mistake;
  }
  return found;
}
