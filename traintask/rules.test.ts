import { Environment } from "@marcbachmann/cel-js";
import type { z } from "zod";
import { describe, expect, test } from "vitest";
import { type Definition, trainQueueDefinition, trainTaskDefinition } from "./crd.ts";
import { trainQueueLater, trainTaskLater } from "./later.ts";
import type { Rule } from "./rule.ts";
import { trainQueueRules, trainTaskRules } from "./rules.ts";
import { queueSpecSchema } from "./queue.ts";
import { specSchema } from "./spec.ts";
import { queueCases, taskCases } from "../test/rule-cases/all.ts";
import type { Case, Step, Tree } from "../test/rule-cases/step.ts";
import type { Structural } from "./structural.ts";

const environment = new Environment({ unlistedVariablesAreDyn: true });

/** As an API server sees it: integers are CEL integers, and absent fields are absent. */
function celValue(schema: Structural | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => celValue(schema?.items, item));
  if (typeof value === "number" && schema?.type === "integer") return BigInt(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, celValue(schema?.properties?.[name] ?? schema?.additionalProperties, part)]),
  );
}

/** The values of `object` at a rule's path: none where a parent is absent, several under a list. */
function valuesAt(object: unknown, at: string): unknown[] {
  const names = at === "" ? [] : at.split(".");
  return names.reduce<unknown[]>(
    (values, name) =>
      values.flatMap((value) => {
        if (name === "[]") return value;
        const part = (value as Tree)[name];
        return part === undefined ? [] : [part];
      }),
    [object],
  );
}

function isAccepted(rule: Rule, step: Step, prepare: (object: Tree) => unknown): boolean {
  const { from, to } = "to" in step ? step : { from: step.object, to: step.object };
  const olds = valuesAt(prepare(from), rule.at);
  const evaluate = environment.parse(rule.rule);
  return valuesAt(prepare(to), rule.at).every((self, index) => evaluate({ self, oldSelf: olds[index] }) === true);
}

interface Resource {
  readonly definition: Definition;
  readonly rules: readonly Rule[];
  readonly cases: Record<string, Case>;
  readonly spec: z.ZodType;
}
const resources: Record<string, Resource> = {
  TrainTask: {
    definition: trainTaskDefinition(),
    rules: [...trainTaskRules, ...trainTaskLater],
    cases: taskCases,
    spec: specSchema,
  },
  TrainQueue: {
    definition: trainQueueDefinition(),
    rules: [...trainQueueRules, ...trainQueueLater],
    cases: queueCases,
    spec: queueSpecSchema,
  },
};

describe.each(Object.entries(resources))("rules of %s", (_kind, { definition, rules, cases, spec }) => {
  const prepare = (object: Tree): unknown =>
    celValue(definition.schema, { ...object, spec: spec.safeParse(object.spec).data ?? object.spec });

  test("every rule has a case, and every case a rule", () => {
    expect(Object.keys(cases).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
  });

  for (const rule of rules) {
    test(`${rule.name}: what is forbidden is refused, what is near it is not`, () => {
      const { bad, good } = cases[rule.name]!;
      for (const step of bad) expect(isAccepted(rule, step, prepare), JSON.stringify(step)).toBe(false);
      for (const step of good) expect(isAccepted(rule, step, prepare), JSON.stringify(step)).toBe(true);
    });

    test(`${rule.name}: its message is a sentence, and the field that it blames exists`, () => {
      expect(rule.message.length).toBeGreaterThan(10);
      const node = [rule.at, rule.fieldPath?.slice(1)].filter((part) => part).join(".");
      const found =
        node === ""
          ? definition.schema
          : node
              .split(".")
              .reduce<Structural | undefined>(
                (parent, name) => (name === "[]" ? parent?.items : parent?.properties?.[name]),
                definition.schema,
              );
      expect(found, node).toBeDefined();
    });
  }
});
