/** The votes of a library's trees on the rows that they had not drawn. */
import { compactTree, leafByThreshold } from "../../model/compact.ts";
import { mostProbable } from "../../model/most-probable.ts";
import type { Forest } from "../forest/input.ts";
import type { LibraryTable } from "./library-tree.ts";

export type OutOfBagVotes = Pick<Forest, "addOutOfBag" | "outOfBagPredictions" | "outOfBagProbabilities">;

/**
 * Trees are added in the order of their index: sums of doubles depend on it.
 * @param weightsOf how often a tree drew each row
 */
export function votesOutOfBag(table: LibraryTable, weightsOf: (tree: number) => Uint32Array): OutOfBagVotes {
  const { cells, columns, classes, truth } = table;
  const width = Math.max(1, classes);
  const sums = new Float64Array(truth.length * width);
  const votes = new Uint32Array(truth.length);
  const means = (): Float64Array => sums.map((sum, at) => sum / votes[Math.floor(at / width)]!);
  return {
    addOutOfBag(line) {
      const tree = compactTree(line, classes === 0 ? "regression" : "classification");
      weightsOf(line.tree).forEach((weight, row) => {
        if (weight > 0) return;
        votes[row]! += 1;
        const leaf = leafByThreshold(tree, cells, { stride: 1, at: row * columns });
        for (let k = tree.start[leaf]!; k < tree.start[leaf + 1]!; k++)
          sums[row * width + (classes === 0 ? 0 : tree.classOf[k]!)]! += tree.entry[k]!;
      });
    },
    outOfBagPredictions() {
      if (classes === 0) return means();
      return Float64Array.from(votes, (count, row) =>
        count === 0 ? NaN : mostProbable(sums.subarray(row * width, (row + 1) * width)),
      );
    },
    outOfBagProbabilities: () => (classes === 0 ? undefined : means()),
  };
}
