/** CEL rules of `spec.dataset`: one source, and a problem that fits the data. */
import { datasetUriPrefix } from "./names.ts";
import { type Rule, exactlyOne } from "./rule.ts";

/** CEL: `columns` declares the target to be of this type. */
function targetDeclared(type: string): string {
  const isTarget = `c.name == self.target && c.type == '${type}'`;
  return `(has(self.target) && has(self.columns) && self.columns.exists(c, ${isTarget}))`;
}

export const datasetRules: readonly Rule[] = [
  {
    name: "exactly one data source",
    at: "spec.dataset",
    rule: exactlyOne(["csv", "uri", "synthetic", "configMap", "volume"]),
    message: "exactly one data source must be given: csv, uri, synthetic, configMap or volume",
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
    rule:
      `!has(self.uri) || self.uri.matches('^${datasetUriPrefix}sha256:[0-9a-f]{64}$') || ` +
      "self.uri.matches('^https://[^/?#@ ]+([/?][^# ]*)?$')",
    message:
      `uri must be ${datasetUriPrefix}sha256:<64 hexadecimal digits>, as PUT /v1/datasets answers it, ` +
      "or https://host/path without user, password and fragment",
    fieldPath: ".uri",
  },
  {
    name: "a decimal comma needs another separator",
    at: "spec.dataset.format",
    rule: "!has(self.decimal) || self.decimal != ',' || (has(self.separator) && self.separator != ',')",
    message: "a decimal comma needs a separator that is no comma, such as ;",
    fieldPath: ".decimal",
  },
  {
    name: "the weight is not the target",
    at: "spec.dataset",
    rule: "!has(self.weight) || !has(self.target) || self.weight != self.target",
    message: "weight must name a column other than the target",
    fieldPath: ".weight",
  },
  {
    name: "a volume's path stays in the volume",
    at: "spec.dataset.volume",
    rule: "!self.path.startsWith('/') && !self.path.matches('(^|/)[.][.]?(/|$)')",
    message: "path must lead from the top of the volume to a file in it: it begins with no / and has no . or .. part",
    fieldPath: ".path",
  },
  {
    name: "a volume's path names a file",
    at: "spec.dataset.volume",
    rule: "!self.path.endsWith('/') && !self.path.contains('//')",
    message: "path must name a file: it has no empty part and does not end with /",
    fieldPath: ".path",
  },
  {
    name: "the target is not ignored",
    at: "spec.dataset",
    rule: `!${targetDeclared("ignore")}`,
    message: "the target column cannot be ignored",
    fieldPath: ".columns",
  },
  {
    name: "a category is no regression target",
    at: "spec.dataset",
    rule: `!has(self.problemType) || self.problemType != 'regression' || !${targetDeclared("category")}`,
    message: "regression needs a target of numbers, but columns declares it a category",
    fieldPath: ".problemType",
  },
  {
    name: "friedman1 is a regression problem",
    at: "spec.dataset",
    rule:
      "!has(self.synthetic) || !has(self.synthetic.kind) || self.synthetic.kind != 'friedman1' || " +
      "!has(self.problemType) || self.problemType == 'regression'",
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
