/** Rows of a search for tests. */
import type { TrialData } from "./trial-data.ts";

/** y = 2x for x from 1 to 12, in three folds: the rows of a fold are every third. */
export function trialData(overrides: Partial<TrialData> = {}): TrialData {
  const rows = 12;
  const x = Float64Array.from({ length: rows }, (_, row) => row + 1);
  return {
    x: { rows, columns: 1, values: x },
    input: [{ type: "number" }],
    target: { problemType: "regression", values: x.map((value) => 2 * value) },
    folds: [0, 1, 2].map((fold) => Int32Array.from({ length: rows / 3 }, (_, index) => 3 * index + fold)),
    scorer: "neg_mean_absolute_error",
    seed: 7,
    ...overrides,
  };
}
