/** Our forests in ml-random-forest: loaded by the library itself, they answer what they answer here. */
import fc from "fast-check";
import { RandomForestClassifier, RandomForestRegression } from "ml-random-forest";
import { describe, expect, it } from "vitest";
import {
  aCategoryColumn,
  aClassTarget,
  aForestInput,
  aNumberColumn,
  aRegressionTarget,
  friedman,
} from "../test/builders/forest.ts";
import { allRows, modelOf } from "../test/builders/grown.ts";
import {
  aBoostingHeader,
  aHeader,
  anIteration,
  aRegressionHeader,
  aThresholdHeader,
  aThresholdTree,
  aTree,
  modelText,
} from "../test/builders/model.ts";
import type { ForestInput } from "../trainer/forest/input.ts";
import { checkExport, exportForest, nextAbove } from "./export.ts";
import type { ForestHeaderLine, TreeLine } from "./format.ts";
import { readModel, type Row } from "./predict.ts";

interface Exported {
  readonly name: string;
  readonly traintask: { readonly use: string; readonly classes?: string[]; readonly columns: unknown[] };
  readonly baseModel: { readonly nEstimators: number };
}

async function exported(lines: readonly string[]): Promise<Exported> {
  await checkExport(() => lines);
  let text = "";
  for await (const piece of exportForest(() => lines)) text += piece;
  return JSON.parse(text) as Exported;
}

/** Rows as the export says that the library takes them. */
function numbersOf(rows: readonly Row[], lines: readonly string[]): number[][] {
  const { columns } = JSON.parse(lines[0]!) as ForestHeaderLine;
  return rows.map((row) =>
    columns.map((column) => {
      const value = row[column.name];
      if (column.type === "number") return (value ?? NaN) as number;
      const code = column.categories.indexOf(value as string);
      return code < 0 ? NaN : code;
    }),
  );
}

const load = (model: unknown, kind: typeof RandomForestRegression | typeof RandomForestClassifier) =>
  kind.load(model as never);

/** Number columns, one of few values, and a category. */
function mixed(rows: number, seed: number): Pick<ForestInput, "columns" | "target" | "rows"> {
  const smooth = friedman({ rows, columns: 5, noise: 1, seed });
  const codes = Array.from({ length: rows }, (_, i) => (i * 7 + seed) % 3);
  const few = Array.from({ length: rows }, (_, i) => ((i * 5) % 4) - 2);
  const columns = [...smooth.columns, aNumberColumn(few, "few"), aCategoryColumn(codes, ["red", "green", "blue"])];
  const { target } = smooth;
  if (target.problemType !== "regression") throw new TypeError("Friedman's problem is a regression");
  return {
    ...smooth,
    columns,
    target: aRegressionTarget(target.values.map((y, i) => y + 3 * codes[i]! + few[i]!) as never),
  };
}

function classesOf({ target }: Pick<ForestInput, "target">): ReturnType<typeof aClassTarget> {
  const values = target.problemType === "regression" ? target.values : target.codes;
  return aClassTarget(
    Array.from(values, (value) => (value > 18 ? 2 : value > 12 ? 1 : 0)),
    ["low", "middle", "high"],
  );
}

/** Each tree's likeliest class has a vote; undefined where classes tie. */
async function majority(lines: readonly string[], rows: readonly Row[]): Promise<(string | undefined)[]> {
  const [header, ...trees] = lines;
  const labels = await Promise.all(
    trees.map(async (tree) =>
      (await readModel([header!, tree])).predict(rows).map((one) => "label" in one && one.label),
    ),
  );
  return rows.map((_, row) => {
    const votes = new Map<string, number>();
    for (const ofTree of labels) votes.set(String(ofTree[row]), (votes.get(String(ofTree[row])) ?? 0) + 1);
    const [first, second] = [...votes].toSorted((a, b) => b[1] - a[1]);
    return second !== undefined && first![1] === second[1] ? undefined : first![0];
  });
}

describe("a forest in the library's form", () => {
  it("of regression answers the same numbers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 9 }), async (seed, minSamplesLeaf) => {
        const input = aForestInput({
          ...mixed(60, seed),
          seed,
          options: { nEstimators: 4, bootstrap: true, minSamplesLeaf },
        });
        const lines = modelOf(input);
        const rows = [...allRows(input), ...allRows({ ...input, ...mixed(60, seed + 1) })];
        const ours = (await readModel(lines)).outputs(rows);
        const theirs = load(await exported(lines), RandomForestRegression).predict(numbersOf(rows, lines));
        theirs.forEach((value, row) => expect(Math.abs(value - ours[row]!)).toBeLessThanOrEqual(1e-12));
      }),
      { numRuns: 15 },
    );
  });

  it("of classification answers the majority of the trees, which agrees with their average in over 85% of rows", async () => {
    const table = mixed(300, 5);
    const input = aForestInput({
      ...table,
      target: classesOf(table),
      options: { nEstimators: 15, bootstrap: true, minSamplesLeaf: 8 },
    });
    const lines = modelOf(input);
    const fresh = { ...input, ...mixed(300, 6) };
    const rows = allRows(fresh);
    const model = await exported(lines);
    const theirs = load(model, RandomForestClassifier)
      .predict(numbersOf(rows, lines))
      .map((index) => model.traintask.classes![index]);
    const votes = await majority(lines, rows);
    const clear = votes.flatMap((vote, row) => (vote === undefined ? [] : [row]));
    expect(clear.length).toBeGreaterThan(200);
    expect(clear.map((row) => theirs[row])).toEqual(clear.map((row) => votes[row]));

    const average = (await readModel(lines)).predict(rows).map((one) => "label" in one && one.label);
    const agreeing = rows.filter((_, row) => theirs[row] === average[row]).length / rows.length;
    expect(agreeing).toBeGreaterThan(0.85);
  });

  it("sends a value on the edge left, and the next double right", async () => {
    const stump = aTree({ feature: [0, -1, -1], bin: [1], value: [10, 20], importance: [] });
    for (const edge of [2, 0, -0, -2, 1e-320, 5e300, 0.1 + 0.2]) {
      const header = aRegressionHeader({ columns: [{ name: "size", type: "number", edges: [-1e301, edge] }] });
      const library = load(await exported(modelText(header, stump)), RandomForestRegression);
      expect(library.predict([[edge], [nextAbove(edge)]]), String(edge)).toEqual([10, 20]);
    }
  });

  it("sends missing values right, also past a split that holds every number", async () => {
    const stump = (bin: number): TreeLine =>
      aTree({ feature: [0, -1, -1], bin: [bin], value: [10, 20], importance: [] });
    const rows = [[1], [1e300], [NaN]].map((row) => [...row, 0]);
    for (const [bin, values] of [
      [1, [10, 20, 20]],
      [3, [10, 10, 20]],
    ] as const) {
      const library = load(await exported(modelText(aRegressionHeader(), stump(bin))), RandomForestRegression);
      expect(library.predict(rows)).toEqual(values);
    }
  });

  it("keeps thresholds, and decimals among the weights", async () => {
    const tree = aThresholdTree({ value: [0, [0, 0.5, 1, 0.25], 2] });
    const lines = modelText(aThresholdHeader(), tree, { ...tree, tree: 2 });
    const rows = [
      { size: 2.4, colour: "red" },
      { size: 2.4, colour: "blue" },
      { size: 2.5, colour: "red" },
    ];
    const model = await exported(lines);
    expect(load(model, RandomForestClassifier).predict(numbersOf(rows, lines))).toEqual([0, 0, 2]);
    expect(model.baseModel.nEstimators).toBe(2);
    expect(JSON.stringify(model)).toContain(`"distribution":[[${0.5 / 0.75},${0.25 / 0.75},0]]`);
  });

  it("may be a single leaf", async () => {
    const leaf = aTree({ feature: [-1], bin: [], value: [7], importance: [] });
    const model = await exported(modelText(aRegressionHeader(), leaf));
    expect(load(model, RandomForestRegression).predict([[1, 0]])).toEqual([7]);
  });

  it("says how to use it, with labels and categories", async () => {
    const { name, traintask } = await exported(modelText(aHeader(), aTree()));
    expect(name).toBe("RFClassifier");
    expect(traintask).toEqual({
      use: expect.stringContaining("predict takes rows of numbers") as string,
      problemType: "classification",
      target: "species",
      classes: ["ant", "bee", "cat"],
      columns: [
        { name: "size", type: "number" },
        { name: "colour", type: "category", categories: ["red", "blue"] },
      ],
    });
  });

  it("comes in pieces, also within a large tree", async () => {
    const lines = modelOf(aForestInput(friedman({ rows: 2000 })));
    const pieces: string[] = [];
    for await (const piece of exportForest(() => lines)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  });
});

describe("a model that the library cannot take", () => {
  const missing = aHeader({
    columns: [
      { name: "size", type: "number", missing: true, edges: [1, 2, 3] },
      { name: "colour", type: "category", categories: ["red", "blue"] },
    ],
  });
  it.each([
    {
      what: "boosting",
      lines: modelText(aBoostingHeader(), anIteration()),
      says: /of gradientBoosting: .* adds them up/,
    },
    {
      what: "a forest of which a split sends missing values left",
      lines: modelText(missing, aTree(), aTree({ tree: 2, missingLeft: [0] })),
      says: /tree 2 sends missing values of column "size" left.*train without missing values/,
    },
  ])("is $what, and the reason is said", async ({ lines, says }) => {
    await expect(checkExport(() => lines)).rejects.toThrow(says);
  });

  it.each([
    { what: "missing values go right", lines: modelText(missing, aTree()) },
    {
      what: "only a column that was never missing in training sends them left",
      lines: modelText(missing, aTree({ missingLeft: [1] })),
    },
  ])("is none where $what", async ({ lines }) => {
    await expect(checkExport(() => lines)).resolves.toBeUndefined();
  });

  it("may be broken, which is said as everywhere", async () => {
    await expect(exported([modelText(aHeader())[0]!, "{}"])).rejects.toThrow("line 2: is of a kind unknown here");
  });
});
