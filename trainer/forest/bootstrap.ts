/**
 * Which rows a tree sees, and how often: drawn from (seed, tree) alone, so the rows that it left out can be found again
 * at any time, in another pod too.
 */
import { random } from "../../traintask/random.ts";

/** Names the numbers drawn here among all that are drawn with a task's seed. */
const stream = 1;

export interface BootstrapOptions {
  readonly seed: number;
  readonly rows: number;
  /** How many rows to draw, with replacement. */
  readonly draws: number;
}

/** Answers how often tree `tree` drew each row; 0 is out of the bag. The answer is good until the next one is asked for. */
export function bootstrapDraw({ seed, rows, draws }: BootstrapOptions): (tree: number) => Uint32Array {
  const times = new Uint32Array(rows);
  return (tree) => {
    const generator = random(seed, stream, tree);
    times.fill(0);
    for (let i = 0; i < draws; i++) {
      const row = generator.below(rows);
      times[row] = times[row]! + 1;
    }
    return times;
  };
}
