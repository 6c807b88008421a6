/**
 * Up to which iteration a boosted model predicts: the one with the least loss on held-out rows, the first of equals; where
 * no rows were held out, the last. It follows from the lines, so a model that was cut off anywhere uses the best it has.
 */
import type { IterationLine } from "./format.ts";

export interface BestIteration {
  /** Takes the lines in their order. */
  add(line: Pick<IterationLine, "iteration" | "loss">): void;
  /** Undefined before the first line. */
  readonly iteration: number | undefined;
}

export function bestIteration(): BestIteration {
  let iteration: number | undefined;
  let least = Infinity;
  return {
    add({ iteration: index, loss }) {
      const { validation } = loss;
      if (iteration !== undefined && validation !== undefined && validation >= least) return;
      iteration = index;
      least = validation ?? Infinity;
    },
    get iteration() {
      return iteration;
    },
  };
}
