/** Numbers drawn from the standard normal distribution: Box and Muller, "A note on the generation of random normal deviates", 1958. */
import type { Random } from "../../traintask/random.ts";

export function normals(length: number, random: Random): Float64Array {
  return Float64Array.from({ length }, () => {
    // Never the logarithm of 0: uniform() is below 1.
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    return radius * Math.cos(2 * Math.PI * random.uniform());
  });
}
