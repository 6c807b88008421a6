/**
 * What a model answers for some rows, line by line as the lines come: a forest the mean of its trees, boosting what its
 * iterations up to the best one so far add to the baseline. Lines count in the order given, so the sums have the bits that
 * the model file's reader gives for the same rows.
 */
import { bestIteration } from "../model/best-iteration.ts";
import { type CompactTree, compactTree } from "../model/compact.ts";
import type { TreesHeaderLine, IterationLine, TreeArrays, TreeLine } from "../model/format.ts";
import { outputsOf, sumsPerRow } from "../model/outputs.ts";

export interface Answers {
  /**
   * Takes a line. Of boosting only iterations in their order.
   * @param leavesOf the leaf that each row falls into, for each tree of the line
   */
  add(line: TreeLine | IterationLine, leavesOf: (tree: CompactTree, arrays: TreeArrays) => Int32Array): void;
  /**
   * Per row the value (regression), or the probabilities of the classes one after the other. Without a line: NaN for a
   * forest, the baseline's answer for boosting.
   */
  outputs(): Float64Array;
}

export function answers(header: TreesHeaderLine, rows: number): Answers {
  const width = sumsPerRow(header);
  const sums = new Float64Array(rows * width);
  if (header.trainer === "gradientBoosting")
    for (let at = 0; at < sums.length; at++) sums[at] = header.gradientBoosting.baseline[at % width]!;
  const best = bestIteration();
  // The sums as of the best iteration, kept apart while the last iteration is not the best one.
  let kept: Float64Array | undefined;
  let lines = 0;

  function addTree(tree: CompactTree, leaves: Int32Array, output: number): void {
    const { start, entry, classOf } = tree;
    for (let row = 0; row < rows; row++) {
      const leaf = leaves[row]!;
      const end = start[leaf + 1]!;
      for (let k = start[leaf]!; k < end; k++)
        sums[row * width + output + (classOf.length === 0 ? 0 : classOf[k]!)]! += entry[k]!;
    }
  }

  return {
    add(line, leavesOf) {
      lines += 1;
      if (line.kind === "tree") {
        const tree = compactTree(line, header.problemType);
        return addTree(tree, leavesOf(tree, line), 0);
      }
      const before = best.iteration;
      best.add(line);
      if (best.iteration === line.iteration) kept = undefined;
      else if (before === line.iteration - 1) kept = sums.slice();
      line.trees.forEach((each, output) => {
        const tree = compactTree(each, "regression");
        addTree(tree, leavesOf(tree, each), output);
      });
    },
    // A copy: the outputs of boosted regression are the sums themselves.
    outputs: () => outputsOf(header, (kept ?? sums).slice(), lines),
  };
}
