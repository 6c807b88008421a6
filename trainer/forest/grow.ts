/**
 * Growing one tree depth first and left before right, so nodes are written in the order in which they are split (preorder).
 */
import { blockRows } from "./block-kernels.ts";
import { BlockTree } from "./block-tree.ts";
import { MeanCriterion } from "./mean-criterion.ts";
import { CutSearch, type Ground, leftChild, type Node, rightChild } from "./search.ts";
import { type TreeArrays, TreeWriter } from "./tree-writer.ts";

/** Grows trees of what is in the bag, one after the other; the bag's rows are reordered. */
export function depthFirst(ground: Ground): (key: number) => TreeArrays {
  const { matrix, bag, criterion } = ground;
  const search = new CutSearch(ground);
  const blocks = blocksOf(ground);
  return (key) => {
    const tree = new TreeWriter(matrix.columns.length);
    search.begin();
    blocks?.begin(tree, search.leastDecrease);
    const open: Node[] = [{ start: 0, end: bag.size, depth: 0, key }];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (blocks !== undefined && node.end - node.start <= blockRows) {
        blocks.grow(node);
        continue;
      }
      const cut = search.cutOf(node);
      if (cut === undefined) {
        tree.leaf(criterion.leaf());
        continue;
      }
      tree.split(cut, cut.decrease);
      const middle = bag.partition(matrix, cut, node);
      open.push(rightChild(node, middle), leftChild(node, middle));
    }
    return tree.finish();
  };
}

/** For small nodes, where one sum a side is enough and no threshold is drawn. */
function blocksOf({ matrix, bag, criterion, options }: Ground): BlockTree | undefined {
  if (!(criterion instanceof MeanCriterion) || options.binValues !== undefined) return undefined;
  return new BlockTree(bag, matrix, { mean: criterion.options, options });
}
