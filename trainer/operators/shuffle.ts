/** Orders of rows, drawn at random: Durstenfeld's shuffle ("Algorithm 235", 1964). */
import { random } from "../../traintask/random.ts";

/** @returns shuffles whatever it is given, another way each time; the seed and the indices name the ways */
export function shuffler(seed: number, ...indices: readonly number[]): (order: Int32Array) => void {
  const drawn = random(seed, ...indices);
  return (order) => {
    for (let end = order.length - 1; end > 0; end--) {
      const other = drawn.below(end + 1);
      const kept = order[end]!;
      order[end] = order[other]!;
      order[other] = kept;
    }
  };
}
