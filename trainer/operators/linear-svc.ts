/**
 * A linear support vector machine for classes, as scikit-learn's LinearSVC: one against the rest, the intercept penalized.
 * The solver is the one that its `dual="auto"` takes: the dual, but for a squared loss on at least as many rows as columns
 * the weights themselves (here by Newton's method, up to 200 columns). So TPOT's `dual` is no parameter. It has no
 * probabilities of its own: see model/steps/one-vs-rest.ts for what is answered instead.
 */
import type { FittedOneVsRest } from "../../model/steps/one-vs-rest.ts";
import { oneVsRest } from "./one-vs-rest.ts";
import { type Operator, OperatorError, type Parameters } from "./operator.ts";
import { shuffler } from "./shuffle.ts";
import { dualSvc } from "./svm-dual.ts";
import { l1Svc } from "./svm-l1.ts";
import { newtonSvm } from "./svm-newton.ts";
import { favoursNewton, separate, type SvmProblem, withOnes } from "./svm.ts";

export const linearSvc: Operator = {
  kind: "predictor",
  problemTypes: ["classification"],
  parameters: {
    penalty: ["l2", "l1"],
    loss: ["squared_hinge", "hinge"],
    tol: [1e-4, 1e-5, 1e-3, 1e-2, 1e-1],
    C: [1, 1e-4, 1e-3, 1e-2, 1e-1, 0.5, 5, 10, 15, 20, 25],
  },
  excludes,
  fit({ x, target, seed }, parameters): FittedOneVsRest {
    const { tol, C } = parameters as { tol: number; C: number };
    if (excludes(parameters)) throw new OperatorError("the penalty l1 goes with the loss squared_hinge only");
    const wider = withOnes(x);
    return oneVsRest(target, (y, place) => {
      const problem = { x: wider, y, C, tolerance: tol, shuffle: shuffler(seed, place) };
      return separate(solve(problem, parameters));
    });
  },
};

function excludes({ penalty, loss }: Parameters): boolean {
  return penalty === "l1" && loss === "hinge";
}

function solve(problem: SvmProblem, { penalty, loss }: Parameters): Float64Array {
  if (loss === "hinge") return dualSvc({ ...problem, loss: "plain" });
  const { x, y } = problem;
  // liblinear is stricter with the weights where one of the two sides is rare.
  const ones = y.reduce((count, sign) => count + (sign > 0 ? 1 : 0), 0);
  const tolerance = (problem.tolerance * Math.max(1, Math.min(ones, y.length - ones))) / y.length;
  if (penalty === "l1") return l1Svc({ ...problem, tolerance });
  if (!favoursNewton(x)) return dualSvc({ ...problem, loss: "squared" });
  return newtonSvm({ ...problem, tolerance, miss: (output, sign) => (sign * output < 1 ? output - sign : 0) });
}
