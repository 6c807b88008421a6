/**
 * Growing one tree, depth first and left before right, so nodes are written in the order in which they are split (preorder). A
 * node becomes a leaf when it is pure, too small, too deep, or when no cut leaves enough rows on both sides.
 */
import type { TreeLine } from "../../model/format.ts";
import { type Bag, partition } from "./bag.ts";
import { BestCut } from "./best-cut.ts";
import type { Criterion } from "./criterion.ts";
import { FeatureDraw, leftKey, rightKey } from "./feature-draw.ts";
import { Histogram } from "./histogram.ts";
import type { Matrix } from "./matrix.ts";

export interface GrowOptions {
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Columns to try at each split. If none of them varies in a node, more are tried until one does. */
  readonly columnsPerSplit: number;
  /** Key of the root for drawing columns and their order: see feature-draw.ts. */
  readonly key: number;
}

export interface TreeInput {
  readonly matrix: Matrix;
  /** Reordered while growing. */
  readonly bag: Bag;
  readonly criterion: Criterion;
  readonly options: GrowOptions;
}

/** Rows of the bag from `start` to `end`, at a place in the tree. */
interface Node {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly key: number;
}

type TreeArrays = Omit<TreeLine, "kind" | "tree">;

export function growTree({ matrix, bag, criterion, options }: TreeInput): TreeArrays {
  const search = cutSearch({ matrix, criterion, options });
  const lines = treeWriter(matrix.columns.length);
  const open: Node[] = [{ start: 0, end: bag.row.length, depth: 0, key: options.key }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { start, end, depth, key } = node;
    criterion.enter(start, end);
    const small = end - start < Math.max(options.minSamplesSplit, 2 * options.minSamplesLeaf);
    const cut = small || criterion.pure || depth === options.maxDepth ? undefined : search({ key, rows: end - start });
    if (cut === undefined) {
      lines.leaf(criterion.leaf());
      continue;
    }
    lines.split(cut, cut.score - criterion.score);
    const middle = partition(bag, matrix, { start, end, cut });
    open.push({ start: middle, end, depth: depth + 1, key: rightKey(key) });
    open.push({ start, end: middle, depth: depth + 1, key: leftKey(key) });
  }
  return lines.finish();
}

/** Answers the best cut of the node that the criterion has entered; undefined where none is allowed. */
type CutSearch = (node: { readonly key: number; readonly rows: number }) => BestCut | undefined;

function cutSearch({ matrix, criterion, options }: Omit<TreeInput, "bag">): CutSearch {
  const histogram = new Histogram(criterion.channels);
  const best = new BestCut(options.minSamplesLeaf);
  const draw = new FeatureDraw(matrix.varying);

  function searchColumn(column: number): boolean {
    criterion.fill(histogram, column);
    if (histogram.varies) criterion.offerCuts(histogram, column, best);
    return histogram.varies;
  }

  return ({ key, rows }) => {
    best.reset();
    draw.restart(key);
    let tried = 0;
    let varying = 0;
    while (tried < options.columnsPerSplit || varying === 0) {
      const column = draw.next();
      if (column < 0) break;
      tried++;
      if (searchColumn(column)) varying++;
      // Two rows can be parted in one way only, and of equal cuts the first counts: a third of all nodes end here.
      if (rows === 2 && best.found) break;
    }
    return best.found ? best : undefined;
  };
}

interface TreeWriter {
  leaf(value: number | number[]): void;
  split(cut: BestCut, decrease: number): void;
  finish(): TreeArrays;
}

function treeWriter(columns: number): TreeWriter {
  const feature: number[] = [];
  const bin: number[] = [];
  const missingLeft: number[] = [];
  const value: (number | number[])[] = [];
  const decreases = new Float64Array(columns);
  return {
    leaf(leaf) {
      feature.push(-1);
      value.push(leaf);
    },
    split(cut, decrease) {
      if (cut.missingLeft) missingLeft.push(bin.length);
      feature.push(cut.column);
      bin.push(cut.bin);
      // A decrease is never negative; its last bits may say so.
      decreases[cut.column] = decreases[cut.column]! + Math.max(0, decrease);
    },
    finish() {
      const left = missingLeft.length > 0 ? { missingLeft } : {};
      return { feature, bin, ...left, value, importance: shares(decreases) };
    },
  };
}

/** `[column, share, ...]` of the columns with a decrease. */
function shares(decreases: Float64Array): number[] {
  const total = decreases.reduce((sum, decrease) => sum + decrease, 0);
  return Array.from(decreases.entries()).flatMap(([column, decrease]) =>
    decrease > 0 ? [column, decrease / total] : [],
  );
}
