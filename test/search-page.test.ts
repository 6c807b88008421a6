/** docs/search.md: each option of a search stands there, in order, with its default and all that it can be. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { scorers, searchSchema } from "../traintask/search.ts";
import { maxSteps } from "../trainer/search/grammar.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../docs/search.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, option = "", fallback = "", theirs = "", meaning = ""]) => ({ option, fallback, theirs, meaning }));

const code = (value: unknown): string => `\`${String(value)}\``;
const defaults: Record<string, unknown> = searchSchema.parse({});

/** The values of an enum, which may be optional or have a default. */
function valuesOf(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return valuesOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}

describe("the options in docs/search.md", () => {
  it("are those of the schema", () => {
    expect(rows.map(({ option }) => option)).toEqual(Object.keys(searchSchema.shape).map(code));
  });

  it.each(Object.entries(searchSchema.shape))("have the default and the values of %s", (name, field) => {
    const { fallback, theirs, meaning } = rows.find(({ option }) => option === code(name))!;
    if (defaults[name] === undefined) expect(fallback).not.toBe("");
    else expect(fallback).toBe(code(defaults[name]));
    expect(theirs).not.toBe("");
    expect(valuesOf(field as z.ZodType).filter((value) => !meaning.includes(code(value)))).toEqual([]);
  });

  it("have values to be checked", () => {
    expect(valuesOf(searchSchema.shape.strategy)).toContain("halving");
    expect(valuesOf(searchSchema.shape.scoring)).toEqual([...scorers.regression, ...scorers.classification]);
  });

  it("say how long a pipeline can be", () => {
    expect(maxSteps).toBe(8);
    expect(page).toContain("at most eight steps");
  });
});
