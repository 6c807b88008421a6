/** What a tree's rows count in it: how often each was drawn, times its weight, times its class's. */
import type { Bag } from "./bag.ts";
import type { SharedForest } from "./shared.ts";
import { balancedFactors, integerWeights, weighed } from "./weights.ts";

/** Fills the bag with the rows that were drawn and weigh something; undefined: each is drawn once. */
export function bagFiller(shared: SharedForest, bag: Bag): (draws: Uint32Array | undefined) => void {
  const { header, matrix, rows } = shared;
  const { truth, content, subsample } = rows;
  const twoClasses = header.classes !== undefined && header.classes.length <= 2;
  return (draws) => {
    const weights = subsample === undefined || draws === undefined ? rows.weight : subsampleWeights(shared, draws);
    bag.clear();
    for (let row = 0; row < matrix.rows; row++) {
      const times = draws === undefined ? 1 : draws[row]!;
      if (times === 0) continue;
      const weight = weights === undefined ? times : times * weights[row]!;
      if (weight === 0) continue;
      if (content !== undefined) bag.add(row, weight, times * content[row]!);
      else bag.add(row, weight, twoClasses ? weight * truth[row]! : truth[row]!);
    }
  };
}

/** `balancedSubsample`: classes are balanced as the tree drew them. */
function subsampleWeights({ header, rows }: SharedForest, draws: Uint32Array): Float64Array {
  const { truth } = rows;
  const { own, largest } = rows.subsample!;
  const counts = new Float64Array(header.classes!.length);
  draws.forEach((times, row) => (counts[truth[row]!] = counts[truth[row]!]! + times));
  return integerWeights(weighed(own, { factors: balancedFactors(counts), truth }), largest);
}
