import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aHeader,
  anEnd,
  aRegressionHeader,
  aThresholdHeader,
  aThresholdTree,
  aTree,
  modelText,
} from "../test/builders/model.ts";
import { ModelFormatError } from "./errors.ts";
import type { ModelLine } from "./format.ts";
import { lineReader, readLines } from "./read.ts";

async function read(lines: readonly string[]): Promise<ModelLine[]> {
  const all: ModelLine[] = [];
  for await (const line of readLines(lines)) all.push(line);
  return all;
}

/** A line with some fields replaced by anything at all. */
const broken = (line: ModelLine, fields: Record<string, unknown>): string => JSON.stringify({ ...line, ...fields });
const column = (fields: Record<string, unknown>): string =>
  broken(aHeader(), { columns: [{ name: "x", type: "number", edges: [1, 2], ...fields }] });

describe("reading a model", () => {
  it("answers each line as it was written", async () => {
    const lines = [aHeader(), aTree(), aTree({ tree: 1, missingLeft: [0] }), anEnd({ trees: 2, missing: [[2, 3]] })];
    expect(await read(modelText(...lines))).toEqual(lines);
  });

  it("answers trees with thresholds, and weights that are decimals, as they were written", async () => {
    const lines = [aThresholdHeader(), aThresholdTree({ value: [0, [0, 0.25, 1, 1e-9], 2], missingLeft: [1] })];
    expect(await read(modelText(...lines))).toEqual(lines);
  });

  it("takes a file that was cut off after a whole line", async () => {
    const reader = lineReader();
    for (const line of modelText(aHeader(), aTree())) reader.next(line);
    expect(reader.header?.target).toBe("species");
    expect(reader.end).toBeUndefined();
  });

  const headers: Record<string, { line: string; says: RegExp }> = {
    "a version it does not know": {
      line: broken(aHeader(), { version: 2 }),
      says: /has version 2; this reader knows 1/,
    },
    "a trainer it does not know": {
      line: broken(aHeader(), { trainer: "oracle" }),
      says: /trainer unknown here: "oracle"/,
    },
    "a kind it does not know": { line: '{"kind":"prelude"}', says: /kind "prelude", where the header should be/ },
    "a line that is no JSON": { line: '{"kind":', says: /is not JSON/ },
    "a line that is no object": { line: "[1]", says: /is not a JSON object/ },
    "a digest that is none": { line: broken(aHeader(), { data: "sha256:abc" }), says: /data must be sha256/ },
    "no classes": { line: broken(aHeader(), { classes: [] }), says: /classes is empty/ },
    "a class twice": { line: broken(aHeader(), { classes: ["a", "a"] }), says: /classes holds a string twice/ },
    "an unknown problem": { line: broken(aHeader(), { problemType: "ranking" }), says: /problemType is unknown/ },
    "no rows": { line: broken(aHeader(), { rows: 0 }), says: /rows must be an integer from 1/ },
    "no part of its trainer": { line: broken(aHeader(), { randomForest: undefined }), says: /randomForest is missing/ },
    "too many trees": { line: broken(aHeader(), { randomForest: { nEstimators: 1e9 } }), says: /nEstimators must be/ },
    "no columns": { line: broken(aHeader(), { columns: [] }), says: /columns is empty/ },
    "a column of an unknown type": { line: column({ type: "date" }), says: /"x" has an unknown type date/ },
    "edges that do not ascend": { line: column({ edges: [1, 1] }), says: /"x": edges must ascend, edges\[1\]/ },
    "255 edges": { line: column({ edges: Array.from({ length: 255 }, (_, i) => i) }), says: /more than 254 edges/ },
    "an edge that is null": { line: column({ edges: [null] }), says: /edges\[0\] must be a finite number/ },
    "255 categories": {
      line: column({ type: "category", categories: Array.from({ length: 255 }, (_, i) => `c${i}`) }),
      says: /more than 254 categories/,
    },
  };
  it.each(Object.entries(headers))("refuses a header with %s", async (_, { line, says }) => {
    await expect(read([line])).rejects.toThrow(says);
    await expect(read([line])).rejects.toThrow(/^line 1: /);
  });

  const trees: Record<string, { fields: Record<string, unknown>; says: RegExp }> = {
    "an index beyond the forest": { fields: { tree: 4 }, says: /tree must be an integer from 0 to 3/ },
    "a column that is not there": { fields: { feature: [2, 1, -1, -1, -1] }, says: /feature\[0\] must be/ },
    "a feature that is a fraction": { fields: { feature: [0.5, 1, -1, -1, -1] }, says: /feature\[0\] must be/ },
    "no node": { fields: { feature: [], bin: [], value: [] }, says: /ends before its tree is complete/ },
    "a split without children": { fields: { feature: [0, 1, -1, -1] }, says: /ends before its tree is complete/ },
    "nodes after its end": { fields: { feature: [-1, 0, -1, -1, 0] }, says: /goes on after its tree is complete/ },
    "a bin too few": { fields: { bin: [1] }, says: /2 splits, bin has 1/ },
    "a leaf too many": { fields: { value: [0, 1, 2, 0] }, says: /3 leaves, value has 4/ },
    "a bin beyond the edges": { fields: { bin: [4, 0] }, says: /bin\[0\] is 4, column "size" ends at 3/ },
    "a bin beyond the categories": { fields: { bin: [1, 2] }, says: /bin\[1\] is 2, column "colour" ends at 1/ },
    "a class that is not there": { fields: { value: [0, 3, 2] }, says: /value\[1\] must be a class/ },
    "classes that do not ascend": { fields: { value: [0, [1, 1, 0, 1], 2] }, says: /value\[1\] must be a class/ },
    "a class without a weight": { fields: { value: [0, [1], 2] }, says: /value\[1\] must be a class/ },
    "a negative weight": { fields: { value: [0, [1, -0.5], 2] }, says: /value\[1\] must be .* weights above 0/ },
    "a weight that is text": { fields: { value: [0, [1, "2"], 2] }, says: /value\[1\] must be a class/ },
    "weights whose sum is infinite": { fields: { value: [0, [0, 1e308, 1, 1e308], 2] }, says: /value\[1\] must be/ },
    "neither bin nor threshold": { fields: { bin: undefined }, says: /bin must be a list/ },
    "both bin and threshold": { fields: { threshold: [2, 2] }, says: /has both bin and threshold/ },
    "thresholds where columns have edges": {
      fields: { bin: undefined, threshold: [2, 2] },
      says: /has a threshold, but column "size" has edges/,
    },
    "a class of weight 0": { fields: { value: [0, [1, 0], 2] }, says: /value\[1\] must be a class/ },
    "an empty leaf": { fields: { value: [0, [], 2] }, says: /value\[1\] must be a class/ },
    "a missingLeft that is no split": { fields: { missingLeft: [2] }, says: /missingLeft\[0\] must be/ },
    "a missingLeft twice": { fields: { missingLeft: [1, 1] }, says: /missingLeft must ascend/ },
    "an odd importance": { fields: { importance: [0] }, says: /importance must be pairs/ },
    "an importance of no column": { fields: { importance: [2, 1] }, says: /importance must name columns/ },
    "a negative importance": { fields: { importance: [0, -1] }, says: /negative decrease/ },
  };
  it.each(Object.entries(trees))("refuses a tree with %s", async (_, { fields, says }) => {
    const lines = [...modelText(aHeader()), broken(aTree(), fields)];
    await expect(read(lines)).rejects.toThrow(says);
    await expect(read(lines)).rejects.toThrow(/^line 2: /);
  });

  const thresholds: Record<string, { fields: Record<string, unknown>; says: RegExp }> = {
    "one too few": { fields: { threshold: [2] }, says: /2 splits, threshold has 1/ },
    "one that is null": { fields: { threshold: [2, null] }, says: /threshold\[1\] must be a finite number/ },
    "a column that is not there": { fields: { feature: [0, 2, -1, -1, -1] }, says: /feature\[1\] must be/ },
    "a missingLeft that is no split": { fields: { missingLeft: [2] }, says: /missingLeft\[0\] must be/ },
  };
  it.each(Object.entries(thresholds))("refuses thresholds with %s", async (_, { fields, says }) => {
    await expect(read([...modelText(aThresholdHeader()), broken(aThresholdTree(), fields)])).rejects.toThrow(says);
  });

  it("refuses a regression leaf that is no number", async () => {
    const lines = [...modelText(aRegressionHeader()), broken(aTree(), { value: [1, null, 2] })];
    await expect(read(lines)).rejects.toThrow("line 2: value[1] must be a finite number");
  });

  const orders: Record<string, { lines: readonly string[]; says: RegExp }> = {
    "trees that descend": {
      lines: modelText(aHeader(), aTree({ tree: 1 }), aTree({ tree: 0 })),
      says: /line 3: tree 0 stands where tree 2 to 3 is expected/,
    },
    "a tree twice": { lines: modelText(aHeader(), aTree(), aTree()), says: /line 3: tree 0 stands/ },
    "a second header": { lines: modelText(aHeader(), aHeader()), says: /line 2: is a second header/ },
    "a tree before the header": { lines: modelText(aTree()), says: /line 1: is of kind "tree"/ },
    "a line after the end": {
      lines: modelText(aHeader(), aTree(), anEnd(), aTree({ tree: 1 })),
      says: /line 4: follows/,
    },
    "an unknown kind among the trees": {
      lines: [...modelText(aHeader()), '{"kind":"iteration"}'],
      says: /"iteration"/,
    },
    "fewer trees than the end counts": {
      lines: modelText(aHeader(), aTree(), anEnd({ trees: 2, missing: [[2, 3]] })),
      says: /line 3: counts 2 trees, the file has 1/,
    },
    "other trees missing than the end says": {
      lines: modelText(aHeader(), aTree(), anEnd({ missing: [[0, 2]] })),
      says: /line 3: names other missing trees/,
    },
    "an end whose counts disagree": { lines: modelText(aHeader(), aTree(), anEnd({ trees: 2 })), says: /are not 4/ },
    "an end of a whole forest that lacks trees": {
      lines: [...modelText(aHeader(), aTree()), broken(anEnd(), { missing: undefined })],
      says: /trees is 1 of 4/,
    },
    "missing ranges that overlap": {
      lines: [
        ...modelText(aHeader(), aTree()),
        broken(anEnd(), {
          missing: [
            [1, 2],
            [2, 3],
          ],
        }),
      ],
      says: /ascending ranges below 4/,
    },
    "missing ranges that are none": {
      lines: [...modelText(aHeader(), aTree()), broken(anEnd(), { missing: [1] })],
      says: /\[first, last\] ranges/,
    },
    "importances of other columns": {
      lines: modelText(aHeader(), aTree(), anEnd({ importances: [1] })),
      says: /1 entries for 2 columns/,
    },
  };
  it.each(Object.entries(orders))("refuses %s", async (_, { lines, says }) => {
    await expect(read(lines)).rejects.toThrow(says);
  });

  it("throws nothing but a ModelFormatError, whatever a line holds", () => {
    const anything = fc.oneof(fc.json(), fc.string());
    const field = fc.constantFrom("tree", "feature", "bin", "value", "missingLeft", "importance", "kind");
    fc.assert(
      fc.property(anything, field, fc.jsonValue(), (text, name, value) => {
        for (const line of [text, broken(aTree(), { [name]: value }), broken(aHeader(), { [name]: value })]) {
          const reader = lineReader();
          reader.next(modelText(aHeader())[0]!);
          try {
            reader.next(line);
          } catch (error) {
            expect(error).toBeInstanceOf(ModelFormatError);
          }
        }
      }),
    );
  });
});
