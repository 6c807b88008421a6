/** The lines of boosting: what is taken of them and what is refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aBoostedTree,
  aBoostingEnd,
  aBoostingHeader,
  aClassBoostingHeader,
  aHeader,
  anIteration,
  aTree,
  iterationsWithLosses,
  modelText,
} from "../test/builders/model.ts";
import { ModelFormatError } from "./errors.ts";
import type { ModelLine } from "./format.ts";
import { lineReader, readLines } from "./read.ts";
import { writeLine } from "./write.ts";

const broken = (line: ModelLine, fields: Record<string, unknown>): string => JSON.stringify({ ...line, ...fields });
const withBoosting = (fields: Record<string, unknown>, header = aBoostingHeader()): string =>
  broken(header, { gradientBoosting: { ...header.gradientBoosting, ...fields } });

async function read(lines: readonly string[]): Promise<ModelLine[]> {
  const all: ModelLine[] = [];
  for await (const line of readLines(lines)) all.push(line);
  return all;
}

describe("reading a model of boosting", () => {
  it("answers each line as it was written", async () => {
    const lines = [
      aClassBoostingHeader(),
      anIteration({ trees: [aBoostedTree(), aBoostedTree({ missingLeft: [0] }), aBoostedTree()] }),
      anIteration({
        iteration: 1,
        trees: [aBoostedTree(), aBoostedTree(), aBoostedTree({ feature: [-1], bin: [], value: [0] })],
        importance: [],
      }),
      aBoostingEnd({ iterations: 2, bestIteration: 1 }),
    ];
    expect(await read(modelText(...lines))).toEqual(lines);
  });

  const headers: Record<string, { line: string; says: RegExp }> = {
    "no part of its trainer": {
      line: withBoosting({}).replace('"gradientBoosting":{', '"other":{'),
      says: /is missing/,
    },
    "no iteration": { line: withBoosting({ maxIter: 0 }), says: /maxIter must be an integer from 1/ },
    "no baseline": { line: withBoosting({ baseline: [] }), says: /baseline has 0 entries, this kind of target has 1/ },
    "a baseline that is null": { line: withBoosting({ baseline: [null] }), says: /baseline\[0\] must be a finite/ },
    "one baseline for three classes": {
      line: withBoosting({ baseline: [0] }, aClassBoostingHeader()),
      says: /baseline has 1 entries, this kind of target has 3/,
    },
    "two baselines for two classes": {
      line: withBoosting({ baseline: [0, 0] }, aClassBoostingHeader({ classes: ["no", "yes"] })),
      says: /baseline has 2 entries, this kind of target has 1/,
    },
    "a single class": { line: broken(aClassBoostingHeader(), { classes: ["only"] }), says: /classes has one entry/ },
  };
  it.each(Object.entries(headers))("refuses a header with %s", async (_, { line, says }) => {
    await expect(read([line])).rejects.toThrow(says);
  });

  const tree = (fields: Record<string, unknown>): Record<string, unknown> => ({
    trees: [{ ...aBoostedTree(), ...fields }],
  });
  const iterations: Record<string, { fields: Record<string, unknown>; says: RegExp }> = {
    "an index beyond maxIter": { fields: { iteration: 4 }, says: /iteration must be an integer from 0 to 3/ },
    "a tree too few": { fields: { trees: [] }, says: /trees has 0 entries, the header's baseline has 1/ },
    "a tree that is none": { fields: { trees: [7] }, says: /trees\[0\]: is not a JSON object/ },
    "a tree cut short": { fields: tree({ feature: [0, -1] }), says: /trees\[0\]: feature ends before/ },
    "a bin beyond the edges": {
      fields: tree({ bin: [4] }),
      says: /trees\[0\]: bin\[0\] is 4, column "size" ends at 3/,
    },
    "a leaf that is null": { fields: tree({ value: [0, null] }), says: /trees\[0\]: value\[1\] must be a finite/ },
    "a leaf with classes": { fields: tree({ value: [0, [0, 1]] }), says: /trees\[0\]: value\[1\] must be a finite/ },
    "a leaf too few": { fields: tree({ value: [0] }), says: /trees\[0\]: feature has 2 leaves, value has 1/ },
    thresholds: { fields: tree({ bin: undefined, threshold: [2] }), says: /trees\[0\]: bin must be a list/ },
    "a missingLeft that is no split": { fields: tree({ missingLeft: [1] }), says: /trees\[0\]: missingLeft\[0\] must/ },
    "no loss": { fields: { loss: undefined }, says: /loss is missing/ },
    "a loss that is null": { fields: { loss: { train: null } }, says: /loss.train must be a finite number/ },
    "a held-out loss that is text": {
      fields: { loss: { train: 1, validation: "0.1" } },
      says: /loss.validation must be a finite number, or absent/,
    },
    "a negative gain": { fields: { importance: [0, -1] }, says: /importance holds a negative/ },
    "a gain of no column": { fields: { importance: [2, 1] }, says: /importance must name columns/ },
  };
  it.each(Object.entries(iterations))("refuses an iteration with %s", async (_, { fields, says }) => {
    const lines = [...modelText(aBoostingHeader()), broken(anIteration(), fields)];
    await expect(read(lines)).rejects.toThrow(says);
    await expect(read(lines)).rejects.toThrow(/^line 2: /);
  });

  const orders: Record<string, { lines: readonly string[]; says: RegExp }> = {
    "a gap": {
      lines: modelText(aBoostingHeader(), anIteration(), anIteration({ iteration: 2 })),
      says: /line 3: iteration 2 stands where iteration 1 is expected/,
    },
    "an iteration twice": {
      lines: modelText(aBoostingHeader(), anIteration(), anIteration()),
      says: /line 3: iteration 0 stands where iteration 1 is expected/,
    },
    "a held-out loss in some iterations only": {
      lines: modelText(aBoostingHeader(), ...iterationsWithLosses(1, undefined)),
      says: /line 3: loss.validation must stand in every iteration or in none/,
    },
    "a tree among iterations": {
      lines: modelText(aBoostingHeader(), aTree()),
      says: /line 2: is of kind "tree", which a model of gradientBoosting does not have/,
    },
    "an iteration among trees": {
      lines: modelText(aHeader(), anIteration()),
      says: /line 2: is of kind "iteration", which a model of randomForest does not have/,
    },
    "fewer iterations than the end counts": {
      lines: modelText(aBoostingHeader(), anIteration(), aBoostingEnd({ iterations: 2 })),
      says: /line 3: counts 2 iterations, the file has 1/,
    },
    "another best iteration than the lines say": {
      lines: modelText(
        aBoostingHeader(),
        ...iterationsWithLosses(3, 1),
        aBoostingEnd({ iterations: 2, bestIteration: 0 }),
      ),
      says: /line 4: has bestIteration 0, by the lines it is 1/,
    },
    "an end without its best iteration": {
      lines: [...modelText(aBoostingHeader(), anIteration()), broken(aBoostingEnd(), { bestIteration: undefined })],
      says: /line 3: bestIteration must be an integer from 0 to 0/,
    },
    "an end of a forest": {
      lines: [...modelText(aBoostingHeader(), anIteration()), '{"kind":"end","trees":1,"importances":[1,0]}'],
      says: /line 3: iterations must be an integer/,
    },
  };
  it.each(Object.entries(orders))("refuses %s", async (_, { lines, says }) => {
    await expect(read(lines)).rejects.toThrow(says);
  });

  it("throws nothing but a ModelFormatError, whatever an iteration holds", () => {
    const field = fc.constantFrom("iteration", "trees", "loss", "importance", "kind");
    const treeField = fc.constantFrom("feature", "bin", "value", "missingLeft");
    fc.assert(
      fc.property(field, treeField, fc.jsonValue(), (name, inTree, value) => {
        for (const line of [
          broken(anIteration(), { [name]: value }),
          broken(anIteration(), tree({ [inTree]: value })),
        ]) {
          const reader = lineReader();
          reader.next(writeLine(aBoostingHeader()));
          try {
            reader.next(line);
          } catch (error) {
            expect(error).toBeInstanceOf(ModelFormatError);
          }
        }
      }),
    );
  });

  it.each([NaN, Infinity, -Infinity])("never writes %s", (wrong) => {
    const lines = [
      aBoostingHeader({ gradientBoosting: { maxIter: 1, baseline: [wrong] } }),
      anIteration({ trees: [aBoostedTree({ value: [0, wrong] })] }),
      anIteration({ loss: { train: wrong } }),
      anIteration({ loss: { train: 0, validation: wrong } }),
      anIteration({ importance: [0, wrong] }),
    ];
    for (const line of lines) expect(() => writeLine(line)).toThrow(RangeError);
  });

  it("writes -0 as 0", () => {
    expect(writeLine(anIteration({ trees: [aBoostedTree({ value: [-0, 1] })], loss: { train: -0 } }))).not.toContain(
      "-0",
    );
  });
});
