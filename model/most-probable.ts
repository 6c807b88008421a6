/** Which of a row's classes its prediction is: the one rule for the model file, its report and its out-of-bag score. */

/** Index of the largest share; of equal ones the first. */
export function mostProbable(shares: Float64Array): number {
  let best = 0;
  for (let index = 1; index < shares.length; index++) if (shares[index]! > shares[best]!) best = index;
  return best;
}
