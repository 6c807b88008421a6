/** The verdict on a custom resource: values by its schema, then, if these are sound enough, its CEL rules. */
import type { KubeObject } from "../../../kube/objects.ts";
import type { Kind } from "../kinds/kind.ts";
import { invalidValue, type Cause } from "../status.ts";
import { compileRules } from "./cel-rules.ts";
import { compileValues } from "./values.ts";

export type Verdict = (object: KubeObject, old: KubeObject | undefined) => readonly Cause[];

/** Refusals after which CEL rules cannot be evaluated, since the object is not of the form they rely on. */
const blocking = new Set([
  "FieldValueTypeInvalid",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueNotSupported",
]);

/**
 * @throws Error when the schema or a rule of it cannot be compiled
 */
export function customVerdict(kind: Pick<Kind, "schema" | "openApi">): Verdict {
  const valueCauses = compileValues(kind);
  const ruleCauses = compileRules(kind.schema);
  return (object, old) => {
    const causes = valueCauses(object);
    if (!causes.some(({ reason }) => blocking.has(reason))) return [...causes, ...ruleCauses(object, old)];
    const unchecked =
      "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    return [...causes, invalidValue("<nil>", null, unchecked)];
  };
}
