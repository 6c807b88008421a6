/**
 * What a CEL rule is, and the forms that recur. Rules use only what both Kubernetes' CEL and a plain CEL library
 * know; lengths and numbers of items are bounded by the schema, which keeps them within Kubernetes' cost budget.
 */

/** One entry of `x-kubernetes-validations`, and where it stands. */
export interface Rule {
  /** Names the rule in tests; unique within a resource. */
  readonly name: string;
  /** Path of the node it stands at: "" the object, "spec", "spec.list.[]" the items of a list. */
  readonly at: string;
  readonly rule: string;
  readonly message: string;
  /** The field that is to blame, relative to `at`. */
  readonly fieldPath?: string;
  readonly reason?: "FieldValueInvalid" | "FieldValueForbidden" | "FieldValueRequired";
}

export function exactlyOne(fields: readonly string[]): string {
  return `[${fields.map((field) => `has(self.${field})`).join(", ")}].filter(given, given).size() == 1`;
}

/** The field keeps its value, and neither appears nor disappears. */
export function unchanged(field: string): string {
  return `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`;
}

/** Stands at `spec`, not at the field: a rule at an optional field is not asked when the field comes or goes. */
export function immutable(field: string, advice: string): Rule {
  return {
    name: `${field} is immutable`,
    at: "spec",
    rule: unchanged(field),
    message: `${field} is immutable: ${advice}`,
    fieldPath: `.${field}`,
    reason: "FieldValueForbidden",
  };
}
