/**
 * CEL rules of a container's affinity: what a pod's own validation would say, at each place where a requirement can
 * stand.
 */
import type { Rule } from "./rule.ts";
import { labelKeyPattern } from "./text.ts";

const affinity = "spec.trainer.container.affinity";
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

const nodeTerms = [
  `${affinity}.nodeAffinity.${required}.nodeSelectorTerms.[]`,
  `${affinity}.nodeAffinity.${preferred}.[].preference`,
];
const selectors = ["podAffinity", "podAntiAffinity"].flatMap((kind) => [
  `${affinity}.${kind}.${required}.[].labelSelector`,
  `${affinity}.${kind}.${preferred}.[].podAffinityTerm.labelSelector`,
]);

/** In and NotIn compare with some values, Exists and DoesNotExist with none. */
function comparesWith(at: string): Rule {
  return {
    name: `values of ${at}`,
    at: `${at}.matchExpressions.[]`,
    rule:
      "self.operator in ['Exists', 'DoesNotExist'] ? !has(self.values) || self.values.size() == 0 : " +
      "has(self.values) && self.values.size() > 0",
    message: "In and NotIn, Gt and Lt need values; Exists and DoesNotExist have none",
    fieldPath: ".values",
  };
}

/** Gt and Lt compare with one number. */
function comparesNumbers(at: string): Rule {
  return {
    name: `numbers of ${at}`,
    at: `${at}.matchExpressions.[]`,
    rule:
      "!(self.operator in ['Gt', 'Lt']) || !has(self.values) || " +
      "(self.values.size() == 1 && self.values.all(value, value.matches('^[0-9]{1,18}$')))",
    message: "Gt and Lt compare with one whole number",
    fieldPath: ".values",
  };
}

function labelKeys(at: string): Rule {
  return {
    name: `keys of ${at}`,
    at: `${at}.matchLabels`,
    rule: `self.all(key, key.size() <= 317 && key.matches('${labelKeyPattern}'))`,
    message: "keys of matchLabels must be label keys, such as app.kubernetes.io/name",
  };
}

export const affinityRules: readonly Rule[] = [
  ...nodeTerms.flatMap((at) => [comparesWith(at), comparesNumbers(at)]),
  ...selectors.flatMap((at) => [comparesWith(at), labelKeys(at)]),
];
