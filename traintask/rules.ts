/**
 * What a schema cannot say of one field alone: CEL rules, which the generator writes into the CRDs and each API
 * server evaluates, so every door gives the same verdict. This is the whole list, and the rules of the objects as
 * such; those of a task's parts stand in spec-rules.ts, trainer-rules.ts, container-rules.ts, affinity-rules.ts and
 * dataset-rules.ts.
 */
import { affinityRules } from "./affinity-rules.ts";
import { containerRules } from "./container-rules.ts";
import { datasetRules } from "./dataset-rules.ts";
import { type Rule, immutable, unchanged } from "./rule.ts";
import { specRules } from "./spec-rules.ts";
import { dnsLabelPattern } from "./text.ts";
import { trainerRules } from "./trainer-rules.ts";

function nameIsLabel(what: string): Rule {
  return {
    name: "name is a DNS label",
    at: "",
    rule: `self.metadata.name.size() <= 63 && self.metadata.name.matches('${dnsLabelPattern}')`,
    message: `the name of a ${what} must be a DNS label of at most 63 characters: a-z, 0-9 and - between them`,
  };
}

const terminal = (condition: string): string =>
  `(${condition}.type == 'Complete' || ${condition}.type == 'Failed') && ${condition}.status == 'True'`;

/** A true Complete or Failed stays true, and what was said of the end stays said. */
const finishedIsFinal: Rule = {
  name: "finished is final",
  at: "status",
  rule:
    `!(has(oldSelf.conditions) && oldSelf.conditions.exists(c, ${terminal("c")})) || ` +
    `(has(self.conditions) && oldSelf.conditions.filter(c, ${terminal("c")})` +
    `.all(o, self.conditions.exists(n, n.type == o.type && n.status == 'True')) && ` +
    `${unchanged("state")} && ${unchanged("completionTime")})`,
  message: "finished is final: Complete and Failed, state and completionTime do not change any more",
};

/** Otherwise a late writer could add Failed to a task that is Complete, and the other way round. */
const endsOnce: Rule = {
  name: "a task ends once",
  at: "status",
  rule: `!has(self.conditions) || self.conditions.filter(c, ${terminal("c")}).size() <= 1`,
  message: "a task ends once: Complete and Failed cannot both be True",
  fieldPath: ".conditions",
};

export const trainTaskRules: readonly Rule[] = [
  nameIsLabel("TrainTask"),
  ...specRules,
  ...trainerRules,
  ...containerRules,
  ...affinityRules,
  ...datasetRules,
  finishedIsFinal,
  endsOnce,
];

export const trainQueueRules: readonly Rule[] = [
  nameIsLabel("TrainQueue"),
  immutable("controllerName", "create a new queue"),
];
