/**
 * The Zod schemas, which our code reads with, and the CRDs, which API servers enforce, must say the same: otherwise
 * a task could be stored that nobody can read. Objects are drawn from the CRD's schema, most of them right or nearly so.
 */
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { z } from "zod";
import { trainQueueDefinition, trainTaskDefinition } from "./crd.ts";
import { queueSpecSchema, queueStatusSchema } from "./queue.ts";
import { specSchema } from "./spec.ts";
import { statusSchema } from "./status.ts";
import type { Structural } from "./structural.ts";

// Seconds on a machine with nothing else to do; on a busy one they may be many.
vi.setConfig({ testTimeout: 240_000 });

/** Mostly right values of a node, with wrong ones and those at the edge among them. */
function valueOf(node: Structural): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>("", "?", 1.5, -1, true, [], {}, 2 ** 53, 1e9 + 1);
  return fc.oneof({ weight: 100, arbitrary: rightValue(node) }, { weight: 1, arbitrary: wrong });
}

function rightValue(node: Structural): fc.Arbitrary<unknown> {
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.type === "boolean") return fc.boolean();
  if (node.type === "integer") return integer(node);
  if (node.type === "string") return string(node);
  if (node.items !== undefined) return list(node, valueOf(node.items));
  if (node.additionalProperties !== undefined) {
    return fc.dictionary(fc.constantFrom("cpu", "memory", "ephemeral-storage"), valueOf(node.additionalProperties));
  }
  const fields = Object.entries(node.properties ?? {}).map(([name, child]) => [name, valueOf(child)] as const);
  const absent = fc.subarray(node.required ?? []);
  return fc
    .tuple(
      fc.record(Object.fromEntries(fields), { requiredKeys: node.required ?? [] }),
      fc.oneof({ weight: 60, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: absent }),
    )
    .map(([value, gone]) => Object.fromEntries(Object.entries(value).filter(([name]) => !gone.includes(name))));
}

/** Where each item may stand once, some do twice. */
function list(node: Structural, item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (node["x-kubernetes-list-type"] !== "set") return fc.array(item, { maxLength: 3 });
  const { minItems: minLength = 0 } = node;
  return fc.oneof(
    { weight: 20, arbitrary: fc.uniqueArray(item, { minLength, maxLength: 3 }) },
    { weight: 1, arbitrary: item.map((one) => [one, one]) },
  );
}

function integer({ minimum = 0, maximum = 0 }: Structural): fc.Arbitrary<number> {
  const edge = fc.constantFrom(minimum - 1, minimum, maximum, maximum + 1);
  return fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: minimum, max: maximum }) },
    { weight: 1, arbitrary: edge },
  );
}

/** Lengths count code points, so some texts are made of what takes two places in JavaScript. */
function string({ pattern, minLength = 0, maxLength = 0 }: Structural): fc.Arbitrary<string> {
  if (pattern !== undefined) {
    return fc.oneof(
      { weight: 40, arbitrary: fc.stringMatching(new RegExp(pattern)) },
      { weight: 1, arbitrary: fc.string() },
    );
  }
  const edge = fc.constantFrom(minLength, maxLength, maxLength + 1).map((length) => "🌲".repeat(length));
  return fc.oneof(
    { weight: 20, arbitrary: fc.string({ minLength, maxLength: Math.min(maxLength, 20) }) },
    { weight: 1, arbitrary: edge },
  );
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addKeyword({
  keyword: "x-kubernetes-list-map-keys",
  type: "array",
  validate: (keys: string[], list: { [key: string]: unknown }[]) =>
    new Set(list.map((item) => JSON.stringify(keys.map((key) => item[key])))).size === list.length,
});
ajv.addKeyword({
  keyword: "x-kubernetes-list-type",
  type: "array",
  validate: (type: string, list: unknown[]) => type !== "set" || new Set(list).size === list.length,
});

/** Paths of the fields that the structural schema refuses. */
function refusedByCrd(schema: Structural): (value: unknown) => string[] {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    const paths = (validate.errors ?? []).map(({ instancePath, params }) =>
      "missingProperty" in params ? `${instancePath}/${params.missingProperty}` : instancePath,
    );
    return innermost(paths);
  };
}

function refusedByZod(schema: z.ZodType, value: unknown): string[] {
  const paths = schema.safeParse(value).error?.issues.map(({ path }) => path.map((key) => `/${String(key)}`).join(""));
  return innermost(paths ?? []);
}

/** Sorted, without those above another one: Zod compares the items of a list only once each of them is right. */
function innermost(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => other.startsWith(`${path}/`))).toSorted();
}

/** As an API server completes a value: where an object is there, its absent fields get their defaults. */
function withDefaults(node: Structural, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withDefaults(node.items ?? {}, item));
  if (node.properties === undefined) return value;
  const given = value as { [name: string]: unknown };
  const completed = Object.entries(node.properties).map(([name, child]) => {
    const part = given[name] ?? child.default;
    return [name, part === undefined ? undefined : withDefaults(child, part)] as const;
  });
  return Object.fromEntries(completed.filter(([, part]) => part !== undefined));
}

const task = trainTaskDefinition().schema.properties!;
const queue = trainQueueDefinition().schema.properties!;
const pairs: Record<string, { zod: z.ZodType; crd: Structural }> = {
  "a task's spec": { zod: specSchema, crd: task.spec! },
  "a task's status": { zod: statusSchema, crd: task.status! },
  "a queue's spec": { zod: queueSpecSchema, crd: queue.spec! },
  "a queue's status": { zod: queueStatusSchema, crd: queue.status! },
};

describe.each(Object.entries(pairs))("of %s", (_name, { zod, crd }) => {
  test("schema and CRD refuse the same fields and fill in the same defaults", () => {
    const refused = refusedByCrd(crd);
    const verdicts = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(valueOf(crd), (value) => {
        const byCrd = refused(value);
        verdicts[byCrd.length === 0 ? "right" : "wrong"]++;
        expect(refusedByZod(zod, value)).toEqual(byCrd);
        if (byCrd.length === 0) expect(zod.parse(value)).toEqual(withDefaults(crd, value));
      }),
      { numRuns: 300, endOnFailure: true },
    );
    expect(Math.min(verdicts.right, verdicts.wrong), JSON.stringify(verdicts)).toBeGreaterThan(5);
  });

  test("every field is described, and every text, list and map is bounded", () => {
    const check = (node: Structural, path: string): void => {
      if (!path.endsWith("[]")) expect(node.description, `${path} needs a description`).toBeTruthy();
      const isFree = node.enum === undefined;
      if (node.type === "string" && isFree) expect(node.maxLength, `${path} needs maxLength`).toBeDefined();
      if (node.type === "array") expect(node.maxItems, `${path} needs maxItems`).toBeDefined();
      if (node.type === "integer") expect(node.maximum, `${path} needs a maximum`).toBeLessThan(2 ** 53);
      if (node.additionalProperties !== undefined) expect(node.maxProperties, `${path} needs a bound`).toBeDefined();
      for (const [name, child] of Object.entries(node.properties ?? {})) check(child, `${path}.${name}`);
      for (const child of [node.items, node.additionalProperties]) if (child !== undefined) check(child, `${path}[]`);
    };
    check(crd, "");
  });
});
