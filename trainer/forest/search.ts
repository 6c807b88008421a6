/**
 * Whether a node is split, and where: a node stays a leaf when it is pure, too small, too deep, when no cut leaves enough rows on
 * both sides, or when the best one decreases the impurity too little.
 */
import type { Bag, Cut } from "./bag.ts";
import { BestCut } from "./best-cut.ts";
import type { Criterion } from "./criterion.ts";
import { FeatureDraw, leftKey, rightKey } from "./feature-draw.ts";
import { batch, type Histogram, Histograms } from "./histogram.ts";
import type { Matrix } from "./matrix.ts";
import type { ForestSettings } from "./options.ts";
import { drawCut } from "./random-cut.ts";

/** Rows of the bag from `start` to `end`, at a place in the tree. */
export interface Node {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  /** For drawing columns and thresholds: see feature-draw.ts. */
  readonly key: number;
}

type Bounds = "maxDepth" | "minSamplesSplit" | "minSamplesLeaf" | "minImpurityDecrease" | "columnsPerSplit";
export interface GrowOptions extends Pick<ForestSettings, Bounds> {
  /** What a difference of purities is multiplied with to be an impurity times a weight. */
  readonly impurityUnit: number;
  /** Of extremely randomised trees: see random-cut.ts. */
  readonly binValues?: Float64Array;
}

/** What is there as long as trees are grown. */
export interface Ground {
  readonly matrix: Matrix;
  readonly bag: Bag;
  readonly criterion: Criterion;
  readonly options: GrowOptions;
}

export interface Found extends Cut {
  /** Of the purity, in the criterion's own unit: how much better the children are. */
  readonly decrease: number;
}

/** scikit-learn's tolerance where it compares decreases. */
const epsilon = 2 ** -52;

export class CutSearch {
  readonly #ground: Ground;
  readonly #histograms: Histograms;
  /** Columns that are tried together. */
  readonly #columns = new Int32Array(batch);
  readonly #best: BestCut;
  readonly #draw: FeatureDraw;
  /** The least difference of purities for which a node is split. */
  leastDecrease = -Infinity;

  constructor(ground: Ground) {
    const { criterion, options, matrix, bag } = ground;
    this.#ground = ground;
    this.#histograms = new Histograms(criterion.channels, bag.unit);
    this.#best = new BestCut(options.minSamplesLeaf);
    this.#draw = new FeatureDraw(matrix.varying, options.columnsPerSplit);
  }

  /** The tree's whole bag is filled: what follows is about its nodes. */
  begin(): void {
    const { bag, criterion, options } = this.#ground;
    if (options.minImpurityDecrease === 0) return;
    criterion.enter(0, bag.size);
    this.leastDecrease = ((options.minImpurityDecrease - epsilon) * criterion.weight) / options.impurityUnit;
  }

  /** Enters the node with the criterion. Answers its cut; undefined for a leaf. */
  cutOf({ start, end, depth, key }: Node): Found | undefined {
    const { criterion, options } = this.#ground;
    criterion.enter(start, end);
    if (criterion.pure || depth === options.maxDepth) return undefined;
    if (end - start < Math.max(options.minSamplesSplit, 2 * options.minSamplesLeaf)) return undefined;
    const best = this.#search(key);
    const decrease = best.score - criterion.score;
    if (!best.found || decrease < this.leastDecrease) return undefined;
    return { column: best.column, bin: best.bin, missingLeft: best.missingLeft, decrease };
  }

  #search(key: number): BestCut {
    const { columnsPerSplit } = this.#ground.options;
    this.#best.restart(key);
    this.#draw.restart(key);
    let varying = 0;
    let tried = 0;
    while (tried < columnsPerSplit || varying === 0) {
      const count = this.#next(Math.min(batch, Math.max(1, columnsPerSplit - tried)));
      if (count === 0) break;
      this.#ground.criterion.fill(this.#histograms, this.#columns, count);
      for (let i = 0; i < count; i++) {
        if (this.#offersCuts(this.#histograms.each[i]!, this.#columns[i]!, key)) varying++;
      }
      tried += count;
    }
    return this.#best;
  }

  /** Draws up to so many columns to try together; answers how many. */
  #next(wanted: number): number {
    let count = 0;
    while (count < wanted) {
      const column = this.#draw.next();
      if (column < 0) break;
      this.#columns[count++] = column;
    }
    return count;
  }

  /** Answers whether the column varies in the node. */
  #offersCuts(histogram: Histogram, column: number, key: number): boolean {
    if (!histogram.varies) return false;
    const { criterion, options } = this.#ground;
    if (options.binValues !== undefined) histogram.only = drawCut(histogram, options.binValues, { key, column });
    this.#best.enter(column);
    criterion.offerCuts(histogram, this.#best);
    return true;
  }
}

/** The children of a node whose right rows begin at `middle`. */
export const leftChild = ({ start, depth, key }: Node, middle: number): Node => ({
  start,
  end: middle,
  depth: depth + 1,
  key: leftKey(key),
});
export const rightChild = ({ end, depth, key }: Node, middle: number): Node => ({
  start: middle,
  end,
  depth: depth + 1,
  key: rightKey(key),
});
