/**
 * The one list of what a later version brings. Schemas know these fields, so that the refusal can say "not supported
 * yet" at every door instead of "unknown field"; nothing in it is accepted and ignored. Delete a line to open a door.
 */
import type { Rule } from "./rule.ts";

interface Later {
  /** Path of the field. */
  readonly field: string;
  /** CEL at the field's parent: true where the field is not used in the way that is not supported yet. */
  readonly unused?: (self: string) => string;
  /** What is not supported, where it is not the field as such. */
  readonly what?: string;
}

const trainTask: readonly Later[] = [{ field: "spec.managedBy" }];

const trainQueue: readonly Later[] = [
  { field: "spec.maxRunningPerNamespace" },
  { field: "spec.stopPolicy", unused: (policy) => `${policy} == 'None'`, what: "a stopPolicy other than None" },
];

function refusal({ field, unused, what }: Later): Rule {
  const parent = field.slice(0, field.lastIndexOf("."));
  const name = field.slice(parent.length + 1);
  return {
    name: `${field} is not supported yet`,
    at: parent,
    rule: unused === undefined ? `!has(self.${name})` : `!has(self.${name}) || ${unused(`self.${name}`)}`,
    message: `${what ?? name} is not supported yet`,
    fieldPath: `.${name}`,
    reason: "FieldValueForbidden",
  };
}

export const trainTaskLater: readonly Rule[] = trainTask.map(refusal);
export const trainQueueLater: readonly Rule[] = trainQueue.map(refusal);
