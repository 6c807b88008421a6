/** What a Job's podFailurePolicy must be. */
import type { JobSpec } from "../../../kube/objects.ts";
import { duplicateValue, invalidValue, notSupported, required, type Cause } from "../status.ts";
import { oneOf } from "./pod-spec-rules.ts";
import type { Unchecked } from "./unchecked.ts";

type Rule = Unchecked<NonNullable<JobSpec["podFailurePolicy"]>["rules"][number]>;
type ExitCodes = NonNullable<Rule["onExitCodes"]>;

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];

export function podFailurePolicyCauses(spec: JobSpec): Cause[] {
  const { podFailurePolicy: policy, podReplacementPolicy: replacement } = spec;
  const allowed = policy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"];
  const replacementCauses = oneOf(replacement, allowed, "spec.podReplacementPolicy");
  const rules = policy?.rules ?? [];
  return [
    ...replacementCauses,
    ...rules.flatMap((rule, index) => ruleCauses(rule, `spec.podFailurePolicy.rules[${index}]`, spec)),
  ];
}

function ruleCauses(rule: Rule, path: string, spec: JobSpec): Cause[] {
  const { action = "", onExitCodes, onPodConditions = [] } = rule;
  const both = onExitCodes !== undefined && onPodConditions.length > 0;
  const neither = onExitCodes === undefined && onPodConditions.length === 0;
  return [
    ...(action === ""
      ? [required(`${path}.action`, `valid values: ${actions.map((name) => `"${name}"`).join(", ")}`)]
      : []),
    ...(action === "" ? [] : oneOf(action, actions, `${path}.action`)),
    ...(action === "FailIndex" && spec.backoffLimitPerIndex === undefined
      ? [invalidValue(`${path}.action`, action, "requires the backoffLimitPerIndex to be set")]
      : []),
    ...(both ? [invalidValue(path, rule, "specifying both OnExitCodes and OnPodConditions is not supported")] : []),
    ...(neither ? [invalidValue(path, rule, "specifying one of OnExitCodes and OnPodConditions is required")] : []),
    ...(onExitCodes === undefined ? [] : exitCodeCauses(onExitCodes, `${path}.onExitCodes`, spec)),
    ...onPodConditions.flatMap(({ type = "", status }, index) => [
      ...(type === "" ? [required(`${path}.onPodConditions[${index}].type`)] : []),
      ...oneOf(status, ["False", "True", "Unknown"], `${path}.onPodConditions[${index}].status`),
    ]),
  ];
}

function exitCodeCauses(
  { operator = "", values = [], containerName }: ExitCodes,
  path: string,
  spec: JobSpec,
): Cause[] {
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const ordered = values.every((value, index) => index === 0 || (values[index - 1] ?? 0) <= value);
  return [
    ...(operator === "In" || operator === "NotIn" ? [] : [notSupported(`${path}.operator`, operator, ["In", "NotIn"])]),
    ...(containerName !== undefined && !names.includes(containerName)
      ? [
          invalidValue(
            `${path}.containerName`,
            containerName,
            "must be one of the container or initContainer names in the pod template",
          ),
        ]
      : []),
    ...(values.length === 0 ? [invalidValue(`${path}.values`, values, "at least one value is required")] : []),
    ...(values.length > 255
      ? [
          {
            field: `${path}.values`,
            reason: "FieldValueTooMany",
            message: `Too many: ${values.length}: must have at most 255 items`,
          },
        ]
      : []),
    ...(ordered ? [] : [invalidValue(`${path}.values`, values, "must be ordered")]),
    ...values.flatMap((value, index) => [
      ...(operator === "In" && value === 0
        ? [invalidValue(`${path}.values[${index}]`, value, "must not be 0 for the In operator")]
        : []),
      ...(values.indexOf(value) < index ? [duplicateValue(`${path}.values[${index}]`, value)] : []),
    ]),
  ];
}
