/**
 * A forest, tree by tree. Preparing it reads the columns once (bin edges, one byte a cell, integer targets); after that
 * tree `i` is a pure function of (data, options, seed, i), whichever trees were grown before it and wherever, so trees may
 * be grown in any order, in any number of threads or pods, and a run that died continues with the next one.
 */
import type { TreeLine } from "../../model/format.ts";
import { Bag } from "./bag.ts";
import { bestFirst } from "./best-first.ts";
import { bootstrapDraw } from "./bootstrap.ts";
import { ClassCriterion } from "./class-criterion.ts";
import type { Criterion, Leaf } from "./criterion.ts";
import { rootKey } from "./feature-draw.ts";
import { bagFiller } from "./fill-bag.ts";
import { depthFirst } from "./grow.ts";
import { classPurity, impurityUnit, sidePurity } from "./impurity.ts";
import type { Forest, ForestInput } from "./input.ts";
import { MeanCriterion } from "./mean-criterion.ts";
import { OutOfBag } from "./out-of-bag.ts";
import { meanOf } from "./scale.ts";
import type { Ground } from "./search.ts";
import { shareForest, type SharedForest } from "./shared.ts";

export { ForestOptionError } from "./option-error.ts";
export { growerVersion, shareForest, type SharedForest } from "./shared.ts";
export type { Forest, ForestColumn, ForestHeader, ForestInput, ForestTarget, OutOfBagScore } from "./input.ts";

/**
 * @throws {ForestOptionError} for an option that does not fit the data
 * @throws {RangeError} for data that the reader of tables had to refuse: no rows or columns, infinities, a missing target
 */
export function prepareForest(input: ForestInput): Forest {
  return forestOf(shareForest(input));
}

/** The forest of what one thread has prepared, in this thread or another: the same trees. */
export function forestOf(shared: SharedForest): Forest {
  const { header, seed, settings, matrix, rows } = shared;
  const { bootstrap, draws, maxLeafNodes } = settings;
  const drawsOf = bootstrapDraw({ seed, rows: matrix.rows, draws });
  const bag = new Bag(matrix.rows);
  const fill = bagFiller(shared, bag);
  const ground = groundOf(shared, bag);
  const grow = maxLeafNodes === Infinity ? depthFirst(ground) : bestFirst(ground, maxLeafNodes);
  const votes = new OutOfBag(matrix, {
    problemType: header.problemType,
    truth: rows.truth,
    classes: classesOf(shared),
  });
  const leavesOf = (line: TreeLine): Int32Array | undefined =>
    bootstrap ? votes.leavesOf(line, drawsOf(line.tree)) : undefined;
  return {
    header,
    growTree(tree) {
      fill(bootstrap ? drawsOf(tree) : undefined);
      return { kind: "tree", tree, ...grow(rootKey(seed, tree)) };
    },
    outOfBagLeaves: leavesOf,
    addOutOfBag(line, leaves = leavesOf(line)) {
      if (leaves !== undefined) votes.add(line, leaves);
    },
    outOfBag: () => votes.score(),
    outOfBagPredictions: () => votes.predictions(),
    outOfBagProbabilities: () => votes.probabilities(),
  };
}

const classesOf = ({ header }: SharedForest): number => header.classes?.length ?? 0;

function groundOf(shared: SharedForest, bag: Bag): Ground {
  const { matrix, settings, scale, binValues } = shared;
  return {
    matrix,
    bag,
    criterion: criterionOf(shared, bag),
    options: {
      ...settings,
      impurityUnit: impurityUnit(settings.criterion, { classes: classesOf(shared), scale: scale?.scale ?? 1 }),
      ...(binValues === undefined ? {} : { binValues }),
    },
  };
}

function criterionOf(shared: SharedForest, bag: Bag): Criterion {
  const { matrix, settings, scale, rows } = shared;
  const { criterion } = settings;
  const classes = classesOf(shared);
  if (classes > 2) {
    const purity = classPurity[criterion === "entropy" ? "entropy" : "gini"];
    return new ClassCriterion(bag, matrix, { classes, purity });
  }
  const leafOf = scale === undefined ? leafOfTwoClasses : (sum: number, weight: number) => meanOf(scale, sum, weight);
  return new MeanCriterion(bag, matrix, { truth: rows.truth, purity: sidePurity[criterion], leafOf });
}

/** `ones` of the weight is of class 1, the rest of class 0. */
function leafOfTwoClasses(ones: number, weight: number): Leaf {
  if (ones === 0) return 0;
  return ones === weight ? 1 : [0, weight - ones, 1, ones];
}
