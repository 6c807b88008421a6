/** Trees in the lists that a fitted ensemble has (model/steps/trees.ts), written node by node. */
import type { FittedTrees } from "../../../model/steps/trees.ts";
import type { Leaf } from "./criterion.ts";
import type { TreeSink } from "./grow.ts";

/** One tree or more. */
export interface TreesWithLeaves<L extends Leaf> extends FittedTrees {
  readonly value: readonly L[];
}

export class TreesWriter<L extends Leaf> implements TreeSink<L>, TreesWithLeaves<L> {
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly value: L[] = [];

  split(column: number, threshold: number): void {
    this.feature.push(column);
    this.threshold.push(threshold);
  }

  leaf(leaf: L): void {
    this.feature.push(-1);
    this.value.push(leaf);
  }

  append({ feature, threshold, value }: TreesWithLeaves<L>): void {
    for (const column of feature) this.feature.push(column);
    for (const number of threshold) this.threshold.push(number);
    for (const leaf of value) this.value.push(leaf);
  }
}

/** A tree has one leaf more than splits. */
export const countTrees = ({ feature }: Pick<FittedTrees, "feature">): number =>
  feature.reduce((sum, column) => (column < 0 ? sum + 1 : sum - 1), 0);

export function eachTree<L extends Leaf>({ feature, threshold, value }: TreesWithLeaves<L>): TreesWithLeaves<L>[] {
  const trees: TreesWithLeaves<L>[] = [];
  let [first, firstLeaf, leaves] = [0, 0, 0];
  feature.forEach((column, node) => {
    if (column >= 0) return;
    leaves++;
    // Before this tree there was a split less than leaves for each tree.
    if (2 * (leaves - firstLeaf) - 1 !== node + 1 - first) return;
    trees.push({
      feature: feature.slice(first, node + 1),
      threshold: threshold.slice(firstLeaf - trees.length, leaves - trees.length - 1),
      value: value.slice(firstLeaf, leaves),
    });
    first = node + 1;
    firstLeaf = leaves;
  });
  return trees;
}
