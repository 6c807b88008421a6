/** CEL rules of trainers and of the resources that they ask for. What a Job would refuse is refused before it waits. */
import { type Rule, exactlyOne } from "./rule.ts";
import { resourceNamePattern } from "./text.ts";

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

/** Devices are not shared: Kubernetes gives whole ones, and no more or less than was asked for. */
function devices(at: string): Rule[] {
  return [
    {
      name: `devices of ${at} are whole`,
      at: `${at}.limits`,
      rule: "self.all(name, !name.contains('/') || self[name].matches('^[0-9]+$'))",
      message: "extended resources such as nvidia.com/gpu come in whole numbers",
    },
    {
      name: `devices of ${at} are limits`,
      at,
      rule:
        "!has(self.requests) || self.requests.all(name, !name.contains('/') || " +
        "(has(self.limits) && name in self.limits && self.limits[name] == self.requests[name]))",
      message: "extended resources such as nvidia.com/gpu stand in limits; a request must be equal to its limit",
      fieldPath: ".requests",
    },
  ];
}

export const trainerRules: readonly Rule[] = [
  ...["spec.resources", "spec.trainer.container.resources"].flatMap((at) => [...resourceNames(at), ...devices(at)]),
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
];
