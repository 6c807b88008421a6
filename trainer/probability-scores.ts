/**
 * Scores of probabilities. The area under the ROC curve is the share of pairs, one row of the class and one of another,
 * that the probabilities put in the right order, a tie being half a pair (Mann-Whitney's U with midranks; Fawcett, "An
 * introduction to ROC analysis", 2006). Pairs are counted in whole halves, so the order of the rows does not matter.
 */

/**
 * Mean of -ln p(true class). Probabilities are kept away from 0 and 1 by the precision of a double, as scikit-learn does.
 * @param truth class of each row
 * @param probabilities of all classes for each row, row by row
 */
export function logLoss(truth: ArrayLike<number>, probabilities: Float64Array, classes: number): number {
  const least = Number.EPSILON;
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    const share = probabilities[row * classes + truth[row]!]!;
    total -= Math.log(Math.min(1 - least, Math.max(least, share)));
  }
  return total / truth.length;
}

/**
 * Of two classes; of more the mean over the classes, each against all others.
 * @returns undefined where a class has no row: its curve does not exist
 */
export function rocAuc(truth: ArrayLike<number>, probabilities: Float64Array, classes: number): number | undefined {
  if (classes === 2) return oneAgainstRest(truth, probabilities, { classes, label: 1 });
  let total = 0;
  for (let label = 0; label < classes; label++) {
    const area = oneAgainstRest(truth, probabilities, { classes, label });
    if (area === undefined) return undefined;
    total += area;
  }
  return total / classes;
}

function oneAgainstRest(
  truth: ArrayLike<number>,
  probabilities: Float64Array,
  { classes, label }: { classes: number; label: number },
): number | undefined {
  let count = 0;
  for (let row = 0; row < truth.length; row++) if (truth[row] === label) count++;
  if (count === 0 || count === truth.length) return undefined;
  const ours = new Float64Array(count);
  const others = new Float64Array(truth.length - count);
  let our = 0;
  let other = 0;
  for (let row = 0; row < truth.length; row++) {
    const share = probabilities[row * classes + label]!;
    if (truth[row] === label) ours[our++] = share;
    else others[other++] = share;
  }
  return orderedHalfPairs(ours.sort(), others.sort()) / 2 / ours.length / others.length;
}

/** Twice the number of pairs in which ours is greater, plus once the number of ties. Both ascend. */
function orderedHalfPairs(ours: Float64Array, others: Float64Array): number {
  let halves = 0;
  let below = 0;
  let notAbove = 0;
  for (const share of ours) {
    while (below < others.length && others[below]! < share) below++;
    while (notAbove < others.length && others[notAbove]! <= share) notAbove++;
    halves += below + notAbove;
  }
  return halves;
}
