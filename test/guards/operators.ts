/** Guards of trainer/operators/ and model/steps/: no trial of a search ends with a model that is not one. */
import type { Guard } from "./guard.ts";

const read = "model/steps/steps.test.ts";
const apply = "model/steps/apply.test.ts";
const hardData = "trainer/operators/hard-data.test.ts";
const lars = "trainer/operators/lars.test.ts";
const linear = "trainer/operators/linear-models.test.ts";
const predictors = "trainer/operators/predictors.test.ts";
const selectors = "trainer/operators/selectors.test.ts";
const transformers = "trainer/operators/transformers.test.ts";

export const guards: Guard[] = [
  {
    name: "a list in a step is as long as the step counts on",
    file: "model/steps/arrays.ts",
    find: "if (numbers.length !== length)",
    replace: "if (false)",
    test: read,
  },
  {
    name: "a selection keeps a column",
    file: "model/steps/selection.ts",
    find: 'if (kept.length === 0) throw new LineError("kept must not be empty");',
    replace: "",
    test: read,
  },
  {
    name: "no variance in a model is 0",
    file: "model/steps/gaussian-nb.ts",
    find: "if (!variances.every((ofClass) => ofClass.every((variance) => variance > 0)))",
    replace: "if (false)",
    test: read,
  },
  {
    name: "a neighbour has a target",
    file: "model/steps/k-neighbors.ts",
    find: "if (targets.length !== rows.length)",
    replace: "if (false)",
    test: read,
  },
  {
    name: "a row that is infinitely far from every class has probabilities",
    file: "model/steps/softmax.ts",
    find: "Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, score))",
    replace: "score",
    test: apply,
  },
  {
    name: "a row at the very place of a neighbour is divided by no 0",
    file: "model/steps/k-neighbors.ts",
    find: "if (total === Infinity) {",
    replace: "if (false) {",
    test: apply,
  },
  {
    name: "of neighbours that are equally far the earlier one counts",
    file: "model/steps/k-neighbors.ts",
    find: "distances[at - 1]! > distance",
    replace: "distances[at - 1]! >= distance",
    test: apply,
  },
  {
    name: "nothing that is not finite is fitted",
    file: "trainer/operators/operator.ts",
    find: "if (!plain.every(Number.isFinite))",
    replace: "if (false)",
    test: hardData,
  },
  {
    name: "rounding in a constant column is not blown up",
    file: "trainer/operators/columns.ts",
    find: " + (rows * Number.EPSILON * mean) ** 2",
    replace: "",
    test: "trainer/operators/scalers.test.ts",
  },
  {
    name: "squares that are not finite are not solved for",
    file: "trainer/operators/cholesky.ts",
    find: "else if (sum > 0 && sum < Infinity)",
    replace: "else",
    test: "trainer/operators/cholesky.test.ts",
  },
  {
    name: "products that are not finite are not made",
    file: "trainer/operators/polynomial-features.ts",
    find: "if (!Number.isFinite(most * most))",
    replace: "if (false)",
    test: transformers,
  },
  {
    name: "components without variance are left out",
    file: "trainer/operators/pca.ts",
    find: "variances[k]! < leastShare * variances[0]! ||",
    replace: "",
    test: transformers,
  },
  {
    name: "fractions are no categories",
    file: "trainer/operators/one-hot-encoder.ts",
    find: "!Number.isInteger(value) || ",
    replace: "",
    test: transformers,
  },
  {
    name: "columns that tie leave no more than the share that was asked for",
    file: "trainer/operators/select-percentile.ts",
    find: ".slice(0, Math.max(0, room))",
    replace: "",
    test: selectors,
  },
  {
    name: "the chance of a mistake is shared by the columns",
    file: "trainer/operators/select-fwe.ts",
    find: "alpha / statistics.length",
    replace: "alpha",
    test: selectors,
  },
  {
    name: "ridge's errors are those of rows left out",
    file: "trainer/operators/ridge.ts",
    find: "(residual / (1 - 1 / rows - dot(solved, solved)))",
    replace: "residual",
    test: linear,
  },
  {
    name: "descent goes on until the duality gap is small",
    file: "trainer/operators/coordinate-descent.ts",
    find: "if (found.gap <= this.#smallGap) break;",
    replace: "break;",
    test: "trainer/operators/golden.test.ts",
  },
  {
    name: "a coefficient of the lasso's path does not go past 0",
    file: "trainer/operators/lars.ts",
    find: "if (toZero > 0 && toZero < length)",
    replace: "if (false)",
    test: lars,
  },
  {
    name: "a column that has left the lasso's path does not come back at once",
    file: "trainer/operators/lars.ts",
    find: "column === undefined || this.#gone !== undefined",
    replace: "column === undefined",
    test: lars,
  },
  {
    name: "a column that has left the lasso's path may come back with the other sign",
    file: "trainer/operators/lars.ts",
    find: "const gone = column === this.#gone ? Math.sign(left) : 0;",
    replace: "const gone: number = 0; if (column === this.#gone) continue;",
    test: lars,
  },
  {
    name: "a column that adds nothing does not join the lasso's path",
    file: "trainer/operators/growing-triangle.ts",
    find: "if (!(row[size] >= least)) return false;",
    replace: "",
    test: lars,
  },
  {
    name: "a step of Newton's method ends where the cost is least",
    file: "trainer/operators/svm-newton.ts",
    find: "share -= slope / bend;",
    replace: "break;",
    test: "trainer/operators/more-golden.test.ts",
  },
  {
    name: "descent solves equations where it would creep",
    file: "trainer/operators/coordinate-descent.ts",
    find: "if (work > patience)",
    replace: "if (false)",
    test: linear,
  },
  {
    name: "a penalty is not chosen by fewer rows than blocks",
    file: "trainer/operators/row-blocks.ts",
    find: "if (x.rows < blocks)",
    replace: "if (false)",
    test: linear,
  },
  {
    name: "one class is nothing to tell apart",
    file: "trainer/operators/logistic-regression.ts",
    find: "if (classes.length < 2)",
    replace: "if (false)",
    test: predictors,
  },
  {
    name: "no more neighbours are asked than there are",
    file: "trainer/operators/k-neighbors.ts",
    find: "if (nNeighbors > x.rows)",
    replace: "if (false)",
    test: predictors,
  },
  {
    name: "columns that are all constant have no densities",
    file: "trainer/operators/gaussian-nb.ts",
    find: "if (!(added > 0))",
    replace: "if (false)",
    test: predictors,
  },
];
