/**
 * For each CEL rule by its name: what it must refuse, and what is near to that and must pass. Asked of the rule alone
 * in traintask/rules.test.ts, and of an API server in test/admission.test.ts.
 */

export type Tree = { [field: string]: unknown };
/** A new object, or a change of one. Only `spec` and `metadata.name` of a task or queue, and `status`. */
export type Step = { readonly object: Tree } | { readonly from: Tree; readonly to: Tree };
export interface Case {
  readonly bad: readonly Step[];
  readonly good: readonly Step[];
}

export const forest = { trainer: { randomForest: {} }, dataset: { csv: "a,b\n1,2\n", target: "b" } };
export const container = { trainer: { container: { image: "python:3" } } };
export const aTask = (spec: Tree): Tree => ({ metadata: { name: "iris" }, spec });
export const task = (spec: Tree): Step => ({ object: aTask(spec) });
export const named = (name: string): Step => ({ object: { metadata: { name }, spec: forest } });
export const dataset = (part: Tree): Step => task({ ...forest, dataset: { csv: "a,b\n1,2\n", target: "b", ...part } });
export const synthetic = (part: Tree, beside: Tree = {}): Step =>
  task({ ...forest, dataset: { synthetic: part, ...beside } });
export const randomForest = (part: Tree): Step => task({ ...forest, trainer: { randomForest: part } });
export const inContainer = (part: Tree): Step => task({ trainer: { container: { image: "python:3", ...part } } });
export const change = (from: Tree, to: Tree): Step => ({
  from: aTask({ ...forest, ...from }),
  to: aTask({ ...forest, ...to }),
});
export const status = (part: Tree): Tree => ({ ...aTask(forest), status: part });
const told = { reason: "Told", lastTransitionTime: "2026-01-02T03:04:05Z" };
export const complete = { type: "Complete", status: "True", ...told };
export const failed = { type: "Failed", status: "True", ...told };
export const notRunning = { type: "Running", status: "False", ...told };
export const done = { state: "Succeeded", completionTime: "2026-01-02T03:04:05Z", conditions: [complete] };
export const afterDone = (part: Tree): Step => ({ from: status(done), to: status({ ...done, ...part }) });
