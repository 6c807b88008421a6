/**
 * The CEL rules of a custom resource (`x-kubernetes-validations`), at every level of its schema. A rule that names
 * `oldSelf` is a transition rule: it speaks only when there is an old value that belongs to this one, so under a list
 * only where the list's items have keys.
 */
import { Environment } from "@marcbachmann/cel-js";
import type { KubeObject } from "../../../kube/objects.ts";
import type { Rule, Schema } from "../kinds/schema.ts";
import type { Cause } from "../status.ts";
import { celValue, type Known } from "./cel-value.ts";
import { itemKey } from "./list-keys.ts";
import { isObject } from "./structure.ts";

type Expression = (context: { self: unknown; oldSelf?: unknown }) => unknown;

interface CompiledRule extends Rule {
  readonly evaluate: Expression;
  readonly message: string;
  readonly describe?: Expression;
  readonly isTransition: boolean;
}

/** A value, the value it replaces (if that is known), and where it stands. */
interface Node {
  readonly value: unknown;
  readonly old: unknown;
  readonly path: string;
  /** What has been made of values for CEL, of the whole object. */
  readonly known: Known;
}

/** Rules of a schema and of what is below it; branches without rules are left out. */
interface RuleTree {
  readonly schema: Schema;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly values?: RuleTree;
  readonly items?: RuleTree;
}

const environment = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable("self", "dyn")
  .registerVariable("oldSelf", "dyn");

/** @throws Error when a rule is not an expression that this server understands */
export function compileRules(schema: Schema): (object: KubeObject, old: KubeObject | undefined) => readonly Cause[] {
  const tree = ruleTree(schema);
  if (tree === undefined) return () => [];
  return (object, old) => {
    const root = { value: visible(object), old: old && visible(old), path: "", known: new Map<object, object>() };
    return [...ruleCauses(tree, root)];
  };
}

/** Of an object's metadata, rules see only its name. */
function visible({ metadata = {}, ...rest }: KubeObject): object {
  const { name, generateName } = metadata;
  return {
    ...rest,
    metadata: { ...(name === undefined ? {} : { name }), ...(generateName === undefined ? {} : { generateName }) },
  };
}

function ruleTree(schema: Schema): RuleTree | undefined {
  if (schema.native === true) return undefined;
  const properties = new Map<string, RuleTree>();
  for (const [name, property] of schema.properties ?? []) {
    const tree = ruleTree(property);
    if (tree !== undefined) properties.set(name, tree);
  }
  const values = schema.values && ruleTree(schema.values);
  const items = schema.items && ruleTree(schema.items);
  const rules = (schema.rules ?? []).map(compileRule);
  if (rules.length === 0 && properties.size === 0 && values === undefined && items === undefined) return undefined;
  return {
    schema,
    rules,
    properties,
    ...(values === undefined ? {} : { values }),
    ...(items === undefined ? {} : { items }),
  };
}

function compileRule(rule: Rule): CompiledRule {
  if (rule.optionalOldSelf === true) throw new Error(`optionalOldSelf is not supported here: ${rule.rule}`);
  const code = rule.rule.replaceAll(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, "''");
  return {
    ...rule,
    evaluate: parse(rule.rule),
    message: rule.message ?? `failed rule: ${rule.rule.trim()}`,
    ...(rule.messageExpression === undefined ? {} : { describe: parse(rule.messageExpression) }),
    isTransition: /\boldSelf\b/.test(code),
  };
}

function parse(text: string): Expression {
  try {
    const expression = environment.parse(text);
    const { valid, error } = expression.check();
    if (!valid) throw error ?? new Error("its types do not fit");
    return expression as Expression;
  } catch (cause) {
    throw new Error(`the CEL rule cannot be read: ${text}`, { cause });
  }
}

function* ruleCauses(tree: RuleTree, node: Node): Generator<Cause> {
  const { value, old, path, known } = node;
  if (value === undefined || value === null) return;
  if (tree.rules.length > 0) yield* ownCauses(tree, node);
  if (Array.isArray(value) && tree.items !== undefined) {
    const before = tree.schema.listType === "map" && Array.isArray(old) ? keyed(old, tree.schema) : undefined;
    for (const [index, item] of value.entries()) {
      const previous = before?.get(JSON.stringify(itemKey(item, tree.schema)));
      yield* ruleCauses(tree.items, { value: item, old: previous, path: `${path}[${index}]`, known });
    }
  }
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    const branch = tree.properties.get(name) ?? tree.values;
    if (branch === undefined) continue;
    const previous = isObject(old) && Object.hasOwn(old, name) ? old[name] : undefined;
    yield* ruleCauses(branch, { value: item, old: previous, path: path === "" ? name : `${path}.${name}`, known });
  }
}

const keyed = (list: readonly unknown[], schema: Schema): Map<string, unknown> =>
  new Map(list.map((item) => [JSON.stringify(itemKey(item, schema)), item]));

function* ownCauses({ schema, rules }: RuleTree, { value, old, path, known }: Node): Generator<Cause> {
  const self = celValue(value, schema, known);
  const context = old === undefined ? { self } : { self, oldSelf: celValue(old, schema, known) };
  for (const rule of rules) {
    if (rule.isTransition && old === undefined) continue;
    const fault = verdict(rule, context);
    if (fault === undefined) continue;
    const shown = schema.type === "object" || schema.type === "array" ? schema.type : JSON.stringify(value);
    yield {
      field: `${path}${rule.fieldPath ?? ""}`.replace(/^\./, "") || "<nil>",
      reason: rule.reason ?? "FieldValueInvalid",
      message: rule.reason === "FieldValueForbidden" ? `Forbidden: ${fault}` : `Invalid value: "${shown}": ${fault}`,
    };
  }
}

/** What the rule has against it; an error while evaluating it counts as a refusal, as in Kubernetes. */
function verdict(rule: CompiledRule, context: { self: unknown; oldSelf?: unknown }): string | undefined {
  try {
    if (rule.evaluate(context) === true) return undefined;
  } catch (error) {
    return `rule evaluation error: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
  try {
    const described = rule.describe?.(context);
    return typeof described === "string" && described !== "" ? described : rule.message;
  } catch {
    return rule.message;
  }
}
