/**
 * Which rows a tree sees, and how often: drawn from (seed, tree) alone, so the rows that it left out can be found again
 * at any time, in another pod too.
 */
import { random } from "../../traintask/random.ts";

/** Names the numbers drawn here among all that are drawn with a task's seed. */
const stream = 1;

export interface BootstrapOptions {
  readonly seed: number;
  readonly tree: number;
  readonly rows: number;
  /** How many rows to draw, with replacement. */
  readonly draws: number;
}

/** How often each row was drawn; 0 is out of the bag. */
export function bootstrapWeights({ seed, tree, rows, draws }: BootstrapOptions): Uint32Array {
  const generator = random(seed, stream, tree);
  const weights = new Uint32Array(rows);
  for (let i = 0; i < draws; i++) {
    const row = generator.below(rows);
    weights[row] = weights[row]! + 1;
  }
  return weights;
}
