/**
 * A perceptron with one hidden layer. A hidden unit is a weighted sum of the columns, or 0 where that is below 0; an output
 * is a weighted sum of the hidden units: a number; of two classes the second one's log odds; of more, a score for each, whose
 * softmax are the probabilities.
 */
import { LineError } from "../errors.ts";
import { asFields, type Fields } from "../fields.ts";
import { fittedClasses, vector, vectors } from "./arrays.ts";
import { softmax } from "./softmax.ts";
import type { Matrix, Step } from "./step.ts";

export interface FittedPerceptron {
  /** Codes of the classes that had rows, ascending, at least two; absent where the target is a number. */
  readonly classes?: readonly number[];
  /** For each hidden unit a weight for each column. */
  readonly hidden: readonly (readonly number[])[];
  readonly hiddenBias: readonly number[];
  /** For each output a weight for each hidden unit. */
  readonly output: readonly (readonly number[])[];
  readonly outputBias: readonly number[];
}

interface Layer {
  readonly weights: readonly Float64Array[];
  readonly bias: Float64Array;
}

export const perceptron: Step = {
  kind: "predictor",
  read(fitted, { columns, classes }) {
    const fields = asFields(fitted);
    const asNumber = classes === undefined && fields["classes"] === undefined;
    const codes = asNumber ? undefined : atLeastTwo(fittedClasses(fields, classes));
    const hidden = readLayer(fields, "hidden", columns);
    const output = readLayer(fields, "output", hidden.bias.length);
    const needed = codes === undefined || codes.length === 2 ? 1 : codes.length;
    if (output.bias.length !== needed) throw new LineError(`output must hold ${needed} lists`);
    const wide = classes ?? 1;
    return {
      columns: wide,
      apply(input) {
        const answers = new Float64Array(input.rows * wide);
        const [units, sums] = [new Float64Array(hidden.bias.length), new Float64Array(codes?.length ?? 1)];
        for (let row = 0; row < input.rows; row++) {
          forward(hidden, rowOf(input, row), units);
          for (let h = 0; h < units.length; h++) units[h] = Math.max(0, units[h]!);
          // Of two classes the first one's score is 0.
          forward(output, units, sums.subarray(sums.length - needed));
          if (codes === undefined) {
            answers[row] = sums[0]!;
            continue;
          }
          if (needed === 1) sums[0] = 0;
          softmax(sums, 0, sums.length);
          for (let k = 0; k < codes.length; k++) answers[row * wide + codes[k]!] = sums[k]!;
        }
        return { rows: input.rows, columns: wide, values: answers };
      },
    };
  },
};

const rowOf = ({ columns, values }: Matrix, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns);

function forward({ weights, bias }: Layer, values: Float64Array, sums: Float64Array): void {
  for (let unit = 0; unit < weights.length; unit++) {
    const ofUnit = weights[unit]!;
    let sum = bias[unit]!;
    for (let i = 0; i < values.length; i++) sum += ofUnit[i]! * values[i]!;
    sums[unit] = sum;
  }
}

function readLayer(fields: Fields, name: string, inputs: number): Layer {
  const weights = vectors(fields, name, inputs);
  return { weights, bias: vector(fields, `${name}Bias`, weights.length) };
}

function atLeastTwo(codes: Int32Array): Int32Array {
  if (codes.length < 2) throw new LineError("classes must be at least two");
  return codes;
}
