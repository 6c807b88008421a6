/**
 * What a schema cannot say of one field alone: CEL rules, which the generator writes into the CRDs and each API
 * server evaluates, so every door gives the same verdict. They use only what both Kubernetes' CEL and a plain CEL
 * library know. Rules about change stand at `spec` with `has()` on both sides: adding or removing an optional field
 * is a change too. Comparisons by `==` are bounded by the schema, which keeps them within Kubernetes' cost budget.
 */
import { dnsLabelPattern, resourceNamePattern } from "./text.ts";

/** One entry of `x-kubernetes-validations`. */
export interface Rule {
  /** Names the rule in tests; unique within a resource. */
  readonly name: string;
  /** Path of the node it stands at: "" the object, "spec", "spec.list.[]" the items of a list. */
  readonly at: string;
  readonly rule: string;
  readonly message: string;
  /** The field that is to blame, relative to `at`. */
  readonly fieldPath?: string;
  readonly reason?: "FieldValueInvalid" | "FieldValueForbidden" | "FieldValueRequired";
}

/** Trainers that are part of TrainTask: they need data, and their pod's resources stand in `spec.resources`. */
const builtIn = "(has(self.trainer.randomForest) || has(self.trainer.gradientBoosting) || has(self.trainer.search))";

function exactlyOne(fields: readonly string[]): string {
  return `[${fields.map((field) => `has(self.${field})`).join(", ")}].filter(given, given).size() == 1`;
}

/** The field keeps its value, and neither appears nor disappears. */
function immutable(field: string): Rule {
  return {
    name: `${field} is immutable`,
    at: "spec",
    rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message: `${field} is immutable: create a new task`,
    fieldPath: `.${field}`,
    reason: "FieldValueForbidden",
  };
}

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
const kept = (field: string): string =>
  `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`;

/** A true Complete or Failed stays true, and what was said of the end stays said. */
const finishedIsFinal: Rule = {
  name: "finished is final",
  at: "status",
  rule:
    `!(has(oldSelf.conditions) && oldSelf.conditions.exists(c, ${terminal("c")})) || ` +
    `(has(self.conditions) && oldSelf.conditions.filter(c, ${terminal("c")})` +
    `.all(o, self.conditions.exists(n, n.type == o.type && n.status == 'True')) && ` +
    `${kept("state")} && ${kept("completionTime")})`,
  message: "finished is final: Complete and Failed, state and completionTime do not change any more",
};

const specRules: readonly Rule[] = [
  ...["trainer", "dataset", "seed", "shards"].map(immutable),
  {
    name: "cancel cannot be taken back",
    at: "spec",
    rule: "!(has(oldSelf.cancel) && oldSelf.cancel) || (has(self.cancel) && self.cancel)",
    message: "cancel cannot be taken back: create a new task",
    fieldPath: ".cancel",
    reason: "FieldValueForbidden",
  },
  {
    name: "a built-in trainer needs a dataset",
    at: "spec",
    rule: `!${builtIn} || has(self.dataset)`,
    message: "dataset is required: a built-in trainer needs data to train on",
    fieldPath: ".dataset",
    reason: "FieldValueRequired",
  },
  {
    name: "a built-in trainer needs a target",
    at: "spec",
    rule: `!${builtIn} || !has(self.dataset) || has(self.dataset.target) || has(self.dataset.synthetic)`,
    message: "dataset.target is required: it names the column to predict",
    fieldPath: ".dataset.target",
    reason: "FieldValueRequired",
  },
  {
    name: "a container has resources of its own",
    at: "spec",
    rule: "!has(self.resources) || !has(self.trainer.container)",
    message: "resources of a container stand in trainer.container.resources",
    fieldPath: ".resources",
    reason: "FieldValueForbidden",
  },
];

const trainerRules: readonly Rule[] = [
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
];

const datasetRules: readonly Rule[] = [
  {
    name: "exactly one data source",
    at: "spec.dataset",
    rule: exactlyOne(["csv", "uri", "synthetic", "configMap", "volume"]),
    message: "exactly one data source must be given: csv, uri or synthetic",
  },
  {
    name: "csv is at most 64 KiB",
    at: "spec.dataset",
    rule: "!has(self.csv) || bytes(self.csv).size() <= 65536",
    message: "csv may have at most 64 KiB (65536 bytes of UTF-8): PUT larger tables to /v1/datasets and give their uri",
    fieldPath: ".csv",
  },
  {
    name: "uri names a dataset",
    at: "spec.dataset",
    rule: "!has(self.uri) || !self.uri.startsWith('traintask:') || self.uri.matches('^traintask://datasets/sha256:[0-9a-f]{64}$')",
    message: "uri must be traintask://datasets/sha256:<64 hexadecimal digits>, as PUT /v1/datasets answers it",
    fieldPath: ".uri",
  },
  {
    name: "the target is not ignored",
    at: "spec.dataset",
    rule: "!has(self.target) || !has(self.columns) || !self.columns.exists(c, c.name == self.target && c.type == 'ignore')",
    message: "the target column cannot be ignored",
    fieldPath: ".columns",
  },
  {
    name: "a category is no regression target",
    at: "spec.dataset",
    rule: "!has(self.problemType) || self.problemType != 'regression' || !has(self.target) || !has(self.columns) || !self.columns.exists(c, c.name == self.target && c.type == 'category')",
    message: "regression needs a target of numbers, but columns declares it a category",
    fieldPath: ".problemType",
  },
  {
    name: "friedman1 is a regression problem",
    at: "spec.dataset",
    rule: "!has(self.synthetic) || !has(self.synthetic.kind) || self.synthetic.kind != 'friedman1' || !has(self.problemType) || self.problemType == 'regression'",
    message: "friedman1 is a regression problem",
    fieldPath: ".problemType",
  },
  {
    name: "friedman1 needs five columns",
    at: "spec.dataset.synthetic",
    rule: "!has(self.kind) || self.kind != 'friedman1' || (has(self.columns) && self.columns >= 5)",
    message: "friedman1 needs columns of at least 5",
    fieldPath: ".columns",
  },
  {
    name: "noise belongs to friedman1",
    at: "spec.dataset.synthetic",
    rule: "!has(self.noise) || self.noise.matches('^0+([.]0+)?$') || (has(self.kind) && self.kind == 'friedman1')",
    message: "noise belongs to friedman1: the target of uniform is random already",
    fieldPath: ".noise",
  },
  {
    name: "synthetic data is bounded",
    at: "spec.dataset.synthetic",
    rule: "!has(self.rows) || !has(self.columns) || self.rows * self.columns <= 100000000",
    message: "rows times columns may be at most 100000000",
    fieldPath: ".rows",
  },
];

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

export const trainTaskRules: readonly Rule[] = [
  nameIsLabel("TrainTask"),
  ...specRules,
  ...resourceNames("spec.resources"),
  ...trainerRules,
  ...resourceNames("spec.trainer.container.resources"),
  ...datasetRules,
  finishedIsFinal,
];

export const trainQueueRules: readonly Rule[] = [
  nameIsLabel("TrainQueue"),
  {
    name: "controllerName is immutable",
    at: "spec",
    rule: kept("controllerName"),
    message: "controllerName is immutable: create a new queue",
    fieldPath: ".controllerName",
    reason: "FieldValueForbidden",
  },
];
