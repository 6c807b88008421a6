/** Label selectors (`a=b,c!=d,e in (f,g),h,!i`) and field selectors (`status.phase!=Failed`). */
import type { KubeObject } from "../../kube/objects.ts";
import { keyFaults, labelValueFaults } from "./admission/names.ts";
import type { Kind } from "./kinds/kind.ts";
import { badRequest } from "./status.ts";

export interface Requirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent";
  readonly values: readonly string[];
}

const setBased = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equality = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;
const existence = /^(!?)\s*([^\s!=,()]+)$/;

/** @throws StatusError 400 when the text is no label selector */
export function parseLabelSelector(text: string): readonly Requirement[] {
  if (text.trim() === "") return [];
  return splitOutsideParentheses(text).map((part) => {
    const requirement = parseRequirement(part.trim());
    const faults = requirement && [...keyFaults(requirement.key), ...requirement.values.flatMap(labelValueFaults)];
    if (requirement === undefined || (faults ?? []).length > 0) {
      const why = faults?.[0] ?? `found '${part.trim()}', expected: identifier`;
      throw badRequest(`unable to parse requirement: ${why}`);
    }
    return requirement;
  });
}

function parseRequirement(part: string): Requirement | undefined {
  const [, setKey = "", set, list = ""] = setBased.exec(part) ?? [];
  if (set === "in" || set === "notin") {
    return { key: setKey, operator: set, values: list.split(",").map((value) => value.trim()) };
  }
  const [, key = "", sign, value = ""] = equality.exec(part) ?? [];
  if (sign !== undefined) return { key, operator: sign === "!=" ? "notin" : "in", values: [value] };
  const [, negation, name] = existence.exec(part) ?? [];
  return name === undefined ? undefined : { key: name, operator: negation === "!" ? "absent" : "exists", values: [] };
}

const splitOutsideParentheses = (text: string): string[] => text.split(/,(?![^(]*\))/);

export function matchesLabels(object: KubeObject, requirements: readonly Requirement[]): boolean {
  const labels = object.metadata?.labels ?? {};
  return requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case "in":
        return value !== undefined && values.includes(value);
      case "notin":
        return value === undefined || !values.includes(value);
      case "exists":
        return value !== undefined;
      case "absent":
        return value === undefined;
    }
  });
}

export type Predicate = (object: KubeObject) => boolean;

/** @throws StatusError 400 when the text is no field selector, or the kind does not have the field */
export function parseFieldSelector(text: string, kind: Kind): Predicate {
  const requirements = text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => fieldRequirement(part.trim(), kind));
  return (object) => requirements.every((matches) => matches(object));
}

const metadataFields: Readonly<Record<string, (object: KubeObject) => string>> = {
  "metadata.name": ({ metadata }) => metadata?.name ?? "",
  "metadata.namespace": ({ metadata }) => metadata?.namespace ?? "",
};

function fieldRequirement(part: string, kind: Kind): Predicate {
  const [, field = "", sign, value = ""] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
  if (sign === undefined) {
    throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
  }
  const fields = { ...metadataFields, ...kind.behaviour.selectable };
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  return (object) => (read(object) === value) === (sign !== "!=");
}
