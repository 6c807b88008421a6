/** A `step` line of a search's pipeline: which step it is; what is in it, the step itself reads (steps/pipeline.ts). */
import { LineError } from "./errors.ts";
import { asFields, integer, text } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { SearchHeaderLine, StepLine } from "./format.ts";
import { operatorsOf } from "./header.ts";
import { inputOperator } from "./steps/pipeline.ts";

/** @throws {LineError} naming the field that is wrong */
export function parseStep(fields: Fields, { search }: SearchHeaderLine): StepLine {
  const step = integer(fields, "step", { min: 0, max: search.steps - 1 });
  const operator = text(fields, "operator");
  const expected = [inputOperator, ...operatorsOf(search.pipeline)][step];
  if (operator !== expected)
    throw new LineError(`is of ${JSON.stringify(operator)}; step ${step} of the header's pipeline is ${expected}`);
  if (fields.fitted === undefined) throw new LineError("fitted is missing");
  return { kind: "step", step, operator, fitted: asFields(fields.fitted) };
}
