import { describe, expect, it } from "vitest";
import { aSearchEnd, aSearchHeader, anInputStep, aTree, modelText, someSteps } from "../test/builders/model.ts";
import { endBuilder } from "./end.ts";
import { ModelFormatError } from "./errors.ts";
import { checkExport } from "./export.ts";
import type { ModelLine, StepLine } from "./format.ts";
import { mergeParts } from "./merge.ts";
import { readModel, RowError } from "./predict.ts";
import { lineReader, readLines } from "./read.ts";
import { writeLine } from "./write.ts";

const whole = (): ModelLine[] => [aSearchHeader(), ...someSteps(), aSearchEnd()];
const broken = (line: ModelLine, fields: Record<string, unknown>): string => JSON.stringify({ ...line, ...fields });

async function read(lines: readonly string[]): Promise<ModelLine[]> {
  const all: ModelLine[] = [];
  for await (const line of readLines(lines)) all.push(line);
  return all;
}
async function merged(...parts: readonly (readonly string[])[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of mergeParts(parts.map((part) => () => part))) lines.push(line);
  return lines;
}

describe("the lines of a search", () => {
  it("are read as they were written", async () => {
    expect(await read(modelText(...whole()))).toEqual(whole());
  });

  it("have their keys in one order, and numbers that JSON can hold", () => {
    const { fitted, operator, step, kind } = anInputStep();
    expect(writeLine({ fitted, operator, step, kind })).toBe(
      '{"kind":"step","step":0,"operator":"input","fitted":{"columns":[{"fill":2},{"oneHot":2}]}}',
    );
    expect(writeLine(anInputStep({ fitted: { deep: [{ weight: -0 }] } }))).toContain('{"weight":0}');
  });

  it.each([NaN, Infinity, -Infinity])("are not written with %s anywhere in them", (wrong) => {
    const step = anInputStep({ fitted: { trees: [{ value: [1, [wrong]] }] } });
    expect(() => writeLine(step)).toThrow(`of step input of a model holds ${wrong}`);
  });

  it("are not written with a typed array, which JSON would make an object of", () => {
    expect(() => writeLine(anInputStep({ fitted: { weights: new Float64Array(2) } }))).toThrow(
      "weights of step input is a typed array, not a list",
    );
  });

  const header = aSearchHeader();
  const [input, scaler, total] = someSteps() as [StepLine, StepLine, StepLine];
  const refused: Record<string, { lines: string[]; says: RegExp }> = {
    "a header without its part": { lines: [broken(header, { search: undefined })], says: /search is missing/ },
    "a header that counts other steps than its pipeline": {
      lines: [broken(header, { search: { ...header.search, steps: 4 } })],
      says: /steps is 4; input and the operators of the pipeline are 3/,
    },
    "a header with edges": {
      lines: [broken(header, { columns: [{ name: "size", type: "number", edges: [1] }] })],
      says: /column "size" has edges/,
    },
    "a step that is left out": {
      lines: modelText(header, input, total),
      says: /line 3: step 2 stands where step 1 is/,
    },
    "a step twice": { lines: modelText(header, input, input), says: /step 0 stands where step 1 is expected/ },
    "a step after the last one": { lines: modelText(header, ...someSteps(), total), says: /step 2 follows the last/ },
    "a step beyond the header's": { lines: modelText(header, { ...input, step: 3 }), says: /step must be .* 0 to 2/ },
    "a step of another operator": {
      lines: modelText(header, input, { ...scaler, operator: "pca" }),
      says: /is of "pca"; step 1 of the header's pipeline is standardScaler/,
    },
    "a step without what was found": {
      lines: modelText(header, { ...input, fitted: undefined as never }),
      says: /fitted is missing/,
    },
    "a step that does not fit the one before it": {
      lines: modelText(header, input, { ...scaler, fitted: { offset: [1], scale: [1] } }),
      says: /line 3: offset has 1 entries for 3 columns/,
    },
    "a tree": { lines: modelText(header, aTree()), says: /kind "tree", which a model of search does not have/ },
    "an end before the last step": {
      lines: modelText(header, input, scaler, aSearchEnd({ steps: 2 })),
      says: /steps must be an integer from 3 to 3/,
    },
    "an end that counts what is not there": {
      lines: modelText(header, input, scaler, aSearchEnd()),
      says: /counts 3 steps, the file has 2/,
    },
  };
  it.each(Object.entries(refused))("refuse %s", async (_, { lines, says }) => {
    await expect(read(lines)).rejects.toThrow(ModelFormatError);
    await expect(read(lines)).rejects.toThrow(says);
  });

  it("are no tree, and the line of a tree is none of theirs", () => {
    expect(() => endBuilder(aSearchHeader()).add(aTree())).toThrow('is of kind "tree", where a step should be');
    const reader = lineReader();
    reader.next(modelText(aSearchHeader())[0]!);
    expect(reader.pipeline).toBeDefined();
  });
});

describe("the part of a search", () => {
  const part = modelText(aSearchHeader(), ...someSteps());

  it("becomes a model by its end line", async () => {
    expect(await merged(part)).toEqual(modelText(...whole()));
    expect(await merged([], part, [])).toEqual(modelText(...whole()));
  });

  it("counts from its last header on: a search that was suspended has found a better pipeline since", async () => {
    const earlier = modelText(aSearchHeader({ search: { pipeline: "ridge(alpha=1)", steps: 2 } }), anInputStep());
    expect(await merged([...earlier, ...part])).toEqual(modelText(...whole()));
  });

  it("is no model while a step is missing, whoever reads it", async () => {
    const cut = await merged(part.slice(0, 3));
    expect(cut.at(-1)).toBe('{"kind":"end","steps":2}');
    await expect(readModel(cut)).rejects.toThrow(ModelFormatError);
    for (let lines = 1; lines < part.length; lines++)
      await expect(readModel(part.slice(0, lines))).rejects.toThrow(`has ${lines - 1} of 3 steps`);
  });
});

describe("prediction by a search's model", () => {
  it("goes from values as a person has them through all steps", async () => {
    const model = await readModel(modelText(...whole()));
    const rows = [
      { size: 5, colour: "red" },
      { size: null, colour: "blue" },
      { size: "3", colour: "green" },
    ];
    expect(model.predict(rows)).toEqual([{ value: 2 + 1 + 10 }, { value: 0.5 + 1 + 10 }, { value: 1 + 0 + 10 }]);
    expect([model.header.trainer, model.trees, model.end]).toEqual(["search", undefined, aSearchEnd()]);
    expect(() => model.predictCodes(Uint8Array.of(0, 0))).toThrow(TypeError);
    expect(() => model.predict([{ size: 1 }])).toThrow('column "colour" is missing');
  });

  it("answers a probability for each class", async () => {
    const header = aSearchHeader({
      problemType: "classification",
      classes: ["ant", "bee", "cat"],
      search: { pipeline: "logisticRegression(c=1)", steps: 2 },
    });
    const zeros = [0, 0, 0];
    const fitted = { classes: [0, 1, 2], coefficients: [zeros, zeros, zeros], intercepts: [0, Math.log(2), 0] };
    const model = await readModel(
      modelText(header, anInputStep(), { kind: "step", step: 1, operator: "logisticRegression", fitted }),
    );
    expect(model.predict([{ size: 1, colour: "red" }])).toEqual([
      {
        label: "bee",
        probabilities: { ant: expect.closeTo(0.25, 12), bee: expect.closeTo(0.5, 12), cat: expect.closeTo(0.25, 12) },
      },
    ]);
  });

  it("refuses a row of which a step makes an infinity, and says which row and which step", async () => {
    const [input, scaler, ridge] = someSteps() as [StepLine, StepLine, StepLine];
    const fitted = { offset: [0, 0, 0], scale: [1e-300, 1, 1] };
    const model = await readModel(modelText(aSearchHeader(), input, { ...scaler, fitted }, ridge));
    const rows = Array.from({ length: 1500 }, (_, row) => ({ size: row === 1200 ? 1e200 : 1, colour: "red" }));
    expect(() => model.predict(rows)).toThrow(RowError);
    expect(() => model.predict(rows)).toThrow(
      expect.objectContaining({ row: 1200, message: expect.stringContaining("standardScaler makes a number of it") }),
    );
  });

  it("answers many rows as it does each of them, and knows which one it cannot take", async () => {
    const model = await readModel(modelText(...whole()));
    const rows = Array.from({ length: 2500 }, (_, size) => ({ size, colour: size % 3 === 0 ? "red" : "blue" }));
    const all = model.outputs(rows);
    expect(all).toHaveLength(2500);
    for (const row of [0, 999, 1000, 2000, 2499]) expect(all[row]).toBe(model.outputs([rows[row]!])[0]);
    const wrong = rows.with(2100, { ...rows[0]!, size: "many" as never });
    expect(() => model.predict(wrong)).toThrow(expect.objectContaining({ row: 2100, column: "size" }));
    expect(model.outputs([])).toEqual(new Float64Array());
  });

  it("cannot be had in the form of ml-random-forest", async () => {
    await expect(checkExport(() => modelText(...whole()))).rejects.toThrow("it is of search");
  });
});
