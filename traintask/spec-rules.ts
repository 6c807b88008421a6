/** CEL rules of a task's spec as a whole: what must not change, and what one part of it asks of another. */
import { datasetUriPrefix } from "./names.ts";
import { type Rule, immutable } from "./rule.ts";

/** Trainers that are part of TrainTask: they need data, and their pod's resources stand in `spec.resources`. */
const builtIn = "(has(self.trainer.randomForest) || has(self.trainer.gradientBoosting) || has(self.trainer.search))";

export const specRules: readonly Rule[] = [
  ...["trainer", "dataset", "seed", "shards"].map((field) => immutable(field, "create a new task")),
  {
    name: "cancel cannot be taken back",
    at: "spec",
    rule: "!(has(oldSelf.cancel) && oldSelf.cancel) || (has(self.cancel) && self.cancel)",
    message: "cancel cannot be taken back: create a new task",
    fieldPath: ".cancel",
    reason: "FieldValueForbidden",
  },
  {
    name: "shards grow a forest",
    at: "spec",
    rule: "!has(self.shards) || self.shards == 1 || has(self.trainer.randomForest)",
    message: "shards must be 1: only the trees of a randomForest are independent of each other",
    fieldPath: ".shards",
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
    name: "a search counts every row alike",
    at: "spec",
    rule: "!has(self.trainer.search) || !has(self.dataset) || !has(self.dataset.weight)",
    message: "weight is for randomForest and gradientBoosting: many operators of a search cannot weigh rows",
    fieldPath: ".dataset.weight",
    reason: "FieldValueForbidden",
  },
  {
    name: "a container generates its own data",
    at: "spec",
    rule: "!has(self.trainer.container) || !has(self.dataset) || !has(self.dataset.synthetic)",
    message: "synthetic data is made by built-in trainers: give a container csv, uri, configMap or volume",
    fieldPath: ".dataset.synthetic",
    reason: "FieldValueForbidden",
  },
  {
    name: "a container reads its own table",
    at: "spec",
    rule:
      "!has(self.trainer.container) || !has(self.dataset) || (!has(self.dataset.weight) && " +
      `!has(self.dataset.format) && (!has(self.dataset.uri) || self.dataset.uri.startsWith('${datasetUriPrefix}')))`,
    message:
      "weight, format and an https uri are for built-in trainers: a container reads its table by itself, as it likes",
    fieldPath: ".dataset",
    reason: "FieldValueForbidden",
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
