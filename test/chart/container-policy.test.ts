/** The chart's admission policy for the release's own namespace: where it asks, and what it refuses. */
import { Environment } from "@marcbachmann/cel-js";
import { describe, expect, it } from "vitest";
import { group, trainTasks } from "../../traintask/names.ts";
import { helmIsThere, renderWith, unlessThere } from "./helm.ts";

interface Policy {
  readonly failurePolicy: string;
  readonly matchConstraints: { readonly namespaceSelector: object; readonly resourceRules: readonly object[] };
  readonly validations: readonly { readonly expression: string; readonly message: string }[];
}

const container = { trainer: { container: { image: "x" } } };
const volume = { trainer: { randomForest: {} }, dataset: { volume: { claimName: "a", path: "b" } } };
const refused = {
  "a container": container,
  "a container with a table": { ...container, dataset: { csv: "a" } },
  volume,
};
const taken = { "a forest": { trainer: { randomForest: {} }, dataset: { csv: "a" } }, nothing: { trainer: {} } };

describe.skipIf(!helmIsThere)(`the policy of the release's own namespace${unlessThere}`, () => {
  const objects = helmIsThere ? renderWith() : [];
  const policy = objects.find(({ kind }) => kind === "ValidatingAdmissionPolicy");
  const spec = policy?.spec as unknown as Policy;

  it("is bound, denies, and lets nobody in when it cannot be asked", () => {
    const binding = objects.find(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
    expect(binding?.spec).toEqual({ policyName: policy?.metadata.name, validationActions: ["Deny"] });
    expect(spec.failurePolicy).toBe("Fail");
  });

  it("asks about new tasks of that namespace alone", () => {
    expect(spec.matchConstraints).toEqual({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "training" } },
      resourceRules: [
        { apiGroups: [group], apiVersions: ["*"], operations: ["CREATE"], resources: [trainTasks.plural] },
      ],
    });
  });

  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const isTaken = (task: object): boolean =>
    spec.validations.every(({ expression }) => environment.evaluate(expression, { object: { spec: task } }) === true);
  it.each(Object.entries(refused))("refuses a task with %s", (_, task) => expect(isTaken(task)).toBe(false));
  it.each(Object.entries(taken))("takes a task with %s", (_, task) => expect(isTaken(task)).toBe(true));
});
