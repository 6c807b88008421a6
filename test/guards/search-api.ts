/** Guards of a search outside the trainer: its model file, its rules, its trials, and what is sealed and served of it. */
import type { Guard } from "./guard.ts";

const model = "model/search.test.ts";
const pipeline = { file: "model/steps/pipeline.ts", test: "model/steps/pipeline.test.ts" };
const rules = "traintask/rules.test.ts";
const trials = "api/trials.test.ts";
const sealing = "api/sealing/search.test.ts";

export const guards: Guard[] = [
  {
    name: "a pipeline without its last step predicts nothing",
    file: "model/predict.ts",
    find: "if (steps < header.search.steps)",
    replace: "if (steps === 0)",
    test: model,
  },
  {
    name: "steps come one after the other",
    file: "model/end.ts",
    find: "if (line.step !== steps)",
    replace: "if (line.step < steps)",
    test: model,
  },
  {
    name: "a step is of the operator that the header names",
    file: "model/step-line.ts",
    find: "if (operator !== expected)",
    replace: "if (operator === undefined)",
    test: model,
  },
  {
    name: "the end of a search counts all its steps",
    file: "model/end.ts",
    find: 'integer(fields, "steps", { min: steps, max: steps })',
    replace: 'integer(fields, "steps", { min: 0, max: steps })',
    test: model,
  },
  {
    name: "a pipeline sees numbers, not codes",
    file: "model/predict.ts",
    find: 'throw new TypeError("the pipeline of this model computes with values, not codes");',
    replace: "return new Float64Array();",
    test: model,
  },
  {
    name: "a row that a search's model cannot take is counted from the first of all",
    file: "model/predict.ts",
    find: "{ row: first + cause.row, column: cause.column }",
    replace: "{ row: cause.row, column: cause.column }",
    test: model,
  },
  {
    name: "NaN is not written deep in a step",
    file: "model/write.ts",
    find: 'if (typeof value === "number") finite([value]',
    replace: 'if (value === "number") finite([1]',
    test: model,
  },
  {
    name: "a typed array is not written as an object",
    file: "model/write.ts",
    find: "if (ArrayBuffer.isView(value)) throw",
    replace: "if (value === undefined) throw",
    test: model,
  },
  {
    name: "a header counts the operators of its pipeline",
    file: "model/header.ts",
    find: "if (steps !== operators + 1)",
    replace: "if (steps < 2)",
    test: model,
  },
  {
    ...pipeline,
    name: "the first step is input",
    find: "if (operator !== inputOperator) throw",
    replace: "if (operator === undefined) throw",
  },
  {
    ...pipeline,
    name: "what every object has is no operator",
    find: "Object.hasOwn(table, operator) ? table[operator] : undefined",
    replace: "table[operator]",
  },
  {
    ...pipeline,
    name: "a stacked predictor's answers are columns of the next step",
    find: 'if (last?.kind === "predictor") width += last.inputColumns;',
    replace: "",
  },
  {
    ...pipeline,
    name: "a predictor answers for as many classes as the target has",
    find: "one.columns !== (classes ?? 1)",
    replace: "one.columns < 1",
  },
  {
    ...pipeline,
    name: "a pipeline ends with a predictor",
    find: 'if (last?.kind !== "predictor") throw',
    replace: "if (last?.columns === 0) throw",
  },
  {
    ...pipeline,
    name: "no step hands on a number that is not finite",
    find: "checkFinite(output, step.operator);",
    replace: "",
  },
  {
    ...pipeline,
    name: "probabilities sum to 1",
    find: "Math.abs(sum - 1) > tolerance || ",
    replace: "",
  },
  {
    ...pipeline,
    name: "no probability is negative",
    find: " || least < 0",
    replace: "",
  },
  {
    name: "an unknown category is no column",
    file: "model/steps/input.ts",
    find: "if (isInteger(value, 0, column.oneHot - 1)) into",
    replace: "into",
    test: "model/steps/input.test.ts",
  },
  {
    name: "a missing number is filled in",
    file: "model/steps/input.ts",
    find: "Number.isNaN(value) ? column.fill : value",
    replace: "value",
    test: "model/steps/input.test.ts",
  },
  {
    name: "mutations and crossovers are no more than all",
    file: "traintask/trainer-rules.ts",
    find: "< 1.0000005",
    replace: "< 2.0",
    test: rules,
  },
  {
    name: "preset and operators are not given both",
    file: "traintask/trainer-rules.ts",
    find: "|| !has(self.preset) || self.preset == 'default'\"",
    replace: '|| true"',
    test: rules,
  },
  {
    name: "a search does not weigh rows in silence",
    file: "traintask/spec-rules.ts",
    find: "!has(self.trainer.search) || !has(self.dataset) || !has(self.dataset.weight)",
    replace: "true",
    test: rules,
  },
  {
    name: "no operator stands in the list twice",
    file: "traintask/collections.ts",
    find: "new Set(list).size === list.length",
    replace: "new Set(list).size <= list.length",
    test: "traintask/agreement.test.ts",
  },
  {
    name: "only a search stores trials",
    file: "api/stream-path.ts",
    find: 'stream === "trials" && pod.task.spec.trainer.search === undefined',
    replace: 'stream === "trials" && pod.task.spec.trainer.search === null',
    test: trials,
  },
  {
    name: "what is stored as trials are trials",
    file: "api/endpoints/put-chunk.ts",
    find: 'if (part.stream === "trials") checkTrials(bytes);',
    replace: "",
    test: trials,
  },
  {
    name: "a task that is no search has no trials",
    file: "api/endpoints/get-trials.ts",
    find: "if (task.spec.trainer.search === undefined) throw",
    replace: "if (task.spec.trainer.search === null) throw",
    test: trials,
  },
  {
    name: "half a pipeline is not sealed",
    file: "api/sealing/seal.ts",
    find: "if (!predicts(begun, said)) return undefined;",
    replace: "",
    test: sealing,
  },
  {
    name: "half a pipeline is not waited for",
    file: "api/sealing/seal.ts",
    find: "if (missingSteps === 0) return true;",
    replace: "if (missingSteps < Infinity) return true;",
    test: sealing,
  },
];
