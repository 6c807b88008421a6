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

/** CEL: a rate of at most six decimals as a number, so two of them are more than 1 by 0.000001 at least. */
const rate = (name: string, absent: string): string => `(has(self.${name}) ? double(self.${name}) : ${absent})`;

export const trainerRules: readonly Rule[] = [
  ...["spec.resources", "spec.trainer.container.resources"].flatMap((at) => [...resourceNames(at), ...devices(at)]),
  {
    name: "exactly one trainer",
    at: "spec.trainer",
    rule: exactlyOne(["randomForest", "gradientBoosting", "search", "container"]),
    message: "exactly one trainer must be given: randomForest, gradientBoosting, search or container",
  },
  {
    name: "maxSamples needs bootstrap",
    at: "spec.trainer.randomForest",
    rule:
      "!has(self.maxSamples) || " +
      "(has(self.bootstrap) ? self.bootstrap : !has(self.splitter) || self.splitter != 'random')",
    message: "maxSamples needs bootstrap: without it every tree sees all rows",
    fieldPath: ".maxSamples",
  },
  {
    name: "balancedSubsample needs bootstrap",
    at: "spec.trainer.randomForest",
    rule:
      "!has(self.classWeight) || self.classWeight != 'balancedSubsample' || " +
      "(has(self.bootstrap) ? self.bootstrap : !has(self.splitter) || self.splitter != 'random')",
    message: "balancedSubsample needs bootstrap: without it every tree sees the same rows, which is balanced",
    fieldPath: ".classWeight",
  },
  {
    name: "classWeight or classWeights",
    at: "spec.trainer.randomForest",
    rule: "!has(self.classWeights) || !has(self.classWeight) || self.classWeight == 'none'",
    message: "give classWeight or classWeights, not both",
    fieldPath: ".classWeights",
  },
  {
    name: "learningRate is more than 0",
    at: "spec.trainer.gradientBoosting",
    rule: "!has(self.learningRate) || !self.learningRate.matches('^0([.]0+)?$')",
    message: "learningRate must be more than 0",
    fieldPath: ".learningRate",
  },
  {
    name: "validationFraction is more than 0",
    at: "spec.trainer.gradientBoosting.earlyStopping",
    rule: "!has(self.validationFraction) || !self.validationFraction.matches('^0([.]0+)?$')",
    message: "validationFraction must be more than 0",
    fieldPath: ".validationFraction",
  },
  {
    name: "mutations and crossovers are no more than all",
    at: "spec.trainer.search",
    rule: `${rate("mutationRate", "0.9")} + ${rate("crossoverRate", "0.1")} < 1.0000005`,
    message: "mutationRate and crossoverRate may be 1 together at most; absent they are 0.9 and 0.1",
    fieldPath: ".mutationRate",
  },
  {
    name: "preset or operators",
    at: "spec.trainer.search",
    rule: "!has(self.operators) || !has(self.preset) || self.preset == 'default'",
    message: "give preset or operators, not both",
    fieldPath: ".operators",
  },
];
