/** CEL rules of trainers and of what their pods may ask for. What a Job would refuse is refused here, before it waits. */
import { type Rule, exactlyOne } from "./rule.ts";
import { labelKeyPattern, resourceNamePattern } from "./text.ts";

/** Names of resources, as a container may have them. */
function resourceNames(at: string): Rule[] {
  return ["requests", "limits"].map((list) => ({
    name: `resource names of ${at}.${list}`,
    at: `${at}.${list}`,
    rule: `self.all(name, name.size() <= 63 && name.matches('${resourceNamePattern}'))`,
    message:
      "names must be cpu, memory, ephemeral-storage or an extended resource such as nvidia.com/gpu, at most 63 characters",
  }));
}

export const trainerRules: readonly Rule[] = [
  ...resourceNames("spec.resources"),
  ...resourceNames("spec.trainer.container.resources"),
  {
    name: "exactly one trainer",
    at: "spec.trainer",
    rule: exactlyOne(["randomForest", "gradientBoosting", "search", "container"]),
    message: "exactly one trainer must be given: randomForest or container",
  },
  {
    name: "maxSamples needs bootstrap",
    at: "spec.trainer.randomForest",
    rule: "!has(self.maxSamples) || !has(self.bootstrap) || self.bootstrap",
    message: "maxSamples needs bootstrap: without it every tree sees all rows",
    fieldPath: ".maxSamples",
  },
  {
    name: "reserved environment",
    at: "spec.trainer.container.env.[]",
    rule: "!self.name.startsWith('TRAINTASK_') && !self.name.startsWith('KUBEFLOW_TRAINER_SERVER_')",
    message: "names that begin with TRAINTASK_ or KUBEFLOW_TRAINER_SERVER_ are set by TrainTask",
    fieldPath: ".name",
    reason: "FieldValueForbidden",
  },
  {
    name: "nodeSelector has label keys",
    at: "spec.trainer.container.nodeSelector",
    rule: `self.all(key, key.size() <= 317 && key.matches('${labelKeyPattern}'))`,
    message: "keys of nodeSelector must be label keys, such as kubernetes.io/arch",
  },
  {
    name: "a toleration without a key tolerates all",
    at: "spec.trainer.container.tolerations.[]",
    rule: "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
    message: "a toleration without a key needs operator Exists",
    fieldPath: ".operator",
  },
  {
    name: "Exists compares no value",
    at: "spec.trainer.container.tolerations.[]",
    rule: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
    message: "operator Exists compares no value",
    fieldPath: ".value",
  },
  {
    name: "tolerationSeconds belongs to NoExecute",
    at: "spec.trainer.container.tolerations.[]",
    rule: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
    message: "tolerationSeconds needs effect NoExecute",
    fieldPath: ".tolerationSeconds",
  },
];
