/**
 * docs/trainer.md and docs/search.md: each option of the built-in trainers stands there, in order, with its default and all
 * that it can be.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { scorers, searchSchema } from "../traintask/search.ts";
import { earlyStoppingSchema, gradientBoostingSchema, randomForestSchema } from "../traintask/trainers.ts";
import { maxSteps } from "../trainer/search/grammar.ts";

const pageOf = (name: string): string => readFileSync(path.resolve(import.meta.dirname, "../docs", name), "utf8");

interface Row {
  readonly option: string;
  readonly fallback: string;
  readonly theirs: string;
  readonly meaning: string;
}

/** The options below a heading. */
function rowsBelow(heading: string, page: string): Row[] {
  const section =
    pageOf(page)
      .split(/^#{2,3} /m)
      .find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, option = "", fallback = "", theirs = "", meaning = ""]) => ({ option, fallback, theirs, meaning }));
}

const code = (value: unknown): string => `\`${String(value)}\``;

/** What an option is by another name, or not at all, in scikit-learn; of a search in TPOT. */
const otherNames: Readonly<Record<string, string>> = {
  engine: "none",
  classWeights: "`class_weight`",
  strategy: "none",
  maxTimeSeconds: "`max_time_mins`",
  maxEvalTimeSeconds: "`max_eval_time_mins`",
  preset: "`config_dict`",
  operators: "`config_dict`",
};
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The values of an enum, which may be optional or have a default. */
function valuesOf(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return valuesOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}

describe.each<[string, string, z.ZodObject]>([
  ["randomForest", "trainer.md", randomForestSchema],
  ["gradientBoosting", "trainer.md", gradientBoostingSchema],
  ["earlyStopping", "trainer.md", earlyStoppingSchema],
  ["Options", "search.md", searchSchema],
])("the options below %s in docs/%s", (heading, page, schema) => {
  const rows = rowsBelow(heading, page);
  const defaults: Record<string, unknown> = schema.parse({});

  it("are those of the schema", () => {
    expect(rows.map(({ option }) => option)).toEqual(Object.keys(schema.shape).map(code));
  });

  it.each(Object.entries(schema.shape))(
    "have the default, the name in scikit-learn or TPOT, and the values of %s",
    (name, field) => {
      const { fallback, theirs, meaning } = rows.find(({ option }) => option === code(name))!;
      if (defaults[name] === undefined) expect(fallback).not.toBe("");
      else expect(fallback).toBe(code(defaults[name]));
      expect(theirs).toBe(otherNames[name] ?? code(snakeCase(name)));
      expect(meaning).not.toBe("");
      const values = valuesOf(field as z.ZodType);
      expect(values.filter((value) => !meaning.includes(code(value)))).toEqual([]);
    },
  );
});

it("the pages know criteria, losses, strategies and scores as values of an enum", () => {
  expect(valuesOf(randomForestSchema.shape.criterion)).toContain("poisson");
  expect(valuesOf(gradientBoostingSchema.shape.loss)).toContain("logLoss");
  expect(valuesOf(searchSchema.shape.strategy)).toContain("halving");
  expect(valuesOf(searchSchema.shape.scoring)).toEqual([...scorers.regression, ...scorers.classification]);
});

it("docs/search.md says how long a pipeline can be", () => {
  expect(maxSteps).toBe(8);
  expect(pageOf("search.md")).toContain("at most eight steps");
});
