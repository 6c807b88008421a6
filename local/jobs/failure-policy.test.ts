import { describe, expect, test } from "vitest";
import type { Job, Pod } from "../../kube/objects.ts";
import { aJob, failed } from "../../test/builders/jobs.ts";
import { classifyFailure, type PodFailure } from "./failure-policy.ts";

type Rules = NonNullable<NonNullable<Job["spec"]>["podFailurePolicy"]>["rules"];

const exits = (operator: "In" | "NotIn", values: number[], containerName?: string) => ({
  onExitCodes: { operator, values, ...(containerName === undefined ? {} : { containerName }) },
});
const disrupted = { onPodConditions: [{ type: "DisruptionTarget", status: "True" }] };

describe("the first rule that matches says what a failure means", () => {
  const cases: Record<string, { rules: Rules; pod: Pod; is: PodFailure; spec?: Partial<Job["spec"]> }> = {
    "without rules it counts": { rules: [], pod: failed("a"), is: { action: "Count" } },
    "a rule that does not match leaves it counting": {
      rules: [{ action: "FailJob", ...exits("In", [42]) }],
      pod: failed("a"),
      is: { action: "Count" },
    },
    "FailJob on an exit code says which container, code and rule": {
      rules: [
        { action: "Ignore", ...disrupted },
        { action: "FailJob", ...exits("In", [42, 43]) },
      ],
      pod: failed("a", { exitCode: 43 }),
      is: {
        action: "FailJob",
        message: "Container main for pod default/a failed with exit code 43 matching FailJob rule at index 1",
      },
    },
    "FailJob on a condition says which": {
      rules: [{ action: "FailJob", onPodConditions: [{ type: "ConfigIssue", status: "True" }] }],
      pod: failed("a", { conditions: [{ type: "ConfigIssue", status: "True" }] }),
      is: { action: "FailJob", message: "Pod default/a has condition ConfigIssue matching FailJob rule at index 0" },
    },
    "NotIn matches every other code": {
      rules: [{ action: "Ignore", ...exits("NotIn", [1, 2]) }],
      pod: failed("a", { exitCode: 3 }),
      is: { action: "Ignore" },
    },
    "NotIn does not match a listed code": {
      rules: [{ action: "Ignore", ...exits("NotIn", [1, 2]) }],
      pod: failed("a", { exitCode: 2 }),
      is: { action: "Count" },
    },
    "exit code 0 is no failure, not even for NotIn": {
      rules: [{ action: "Ignore", ...exits("NotIn", [1]) }],
      pod: failed("a", { exitCode: 0 }),
      is: { action: "Count" },
    },
    "a rule for another container does not match": {
      rules: [{ action: "Ignore", ...exits("In", [1], "sidecar") }],
      pod: failed("a"),
      is: { action: "Count" },
    },
    "a disrupted pod is ignored where a rule says so": {
      rules: [{ action: "Ignore", ...disrupted }],
      pod: failed("a", { conditions: [{ type: "DisruptionTarget", status: "True" }] }),
      is: { action: "Ignore" },
    },
    "a condition that does not hold matches nothing": {
      rules: [{ action: "Ignore", ...disrupted }],
      pod: failed("a", { conditions: [{ type: "DisruptionTarget", status: "False" }] }),
      is: { action: "Count" },
    },
    "Count ends the search": {
      rules: [
        { action: "Count", ...exits("In", [1]) },
        { action: "FailJob", ...exits("In", [1]) },
      ],
      pod: failed("a"),
      is: { action: "Count" },
    },
    "FailIndex needs failures to be counted per index": {
      rules: [{ action: "FailIndex", ...exits("In", [1]) }],
      pod: failed("a"),
      spec: { completionMode: "Indexed", backoffLimitPerIndex: 1 },
      is: { action: "FailIndex" },
    },
  };
  test.each(Object.entries(cases))("%s", (_, { rules, pod, is, spec }) => {
    expect(classifyFailure(aJob({ spec: { ...spec, podFailurePolicy: { rules } } }), pod)).toEqual(is);
  });
});
