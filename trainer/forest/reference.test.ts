/**
 * The grower against a tree grown the plain way: lists of rows, every cut of every column tried on all of them, nothing shared
 * with the code under test but the formula of a score and the order in which a node's columns are drawn.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillBag } from "./bag.ts";
import { ClassCriterion } from "./class-criterion.ts";
import { FeatureDraw, leftKey, rightKey } from "./feature-draw.ts";
import { growTree } from "./grow.ts";
import type { Matrix } from "./matrix.ts";
import { MeanCriterion } from "./mean-criterion.ts";

interface Case {
  readonly bins: number;
  /** By row: its code in each column (`bins` stands for missing), its target and its weight. */
  readonly rows: readonly { readonly codes: readonly number[]; readonly target: number; readonly weight: number }[];
  readonly minSamplesLeaf: number;
  readonly minSamplesSplit: number;
  readonly maxDepth: number;
}
type Row = Case["rows"][number];
interface Tree {
  feature: number[];
  bin: number[];
  missingLeft: number[];
}
type Sums = (rows: readonly Row[]) => number[];

const weightOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + row.weight, 0);
const scoreOf = (rows: readonly Row[], sums: Sums): number =>
  sums(rows).reduce((sum, s) => sum + s * s, 0) / weightOf(rows);

function drawnOrder(columns: number, key: number): number[] {
  const draw = new FeatureDraw(Int32Array.from({ length: columns }, (_, c) => c));
  draw.restart(key);
  return Array.from({ length: columns }, () => draw.next());
}

/** All cuts in the order in which ties are decided. */
function* cuts(
  order: readonly number[],
  bins: number,
): Generator<{ column: number; bin: number; missingLeft: boolean }> {
  for (const column of order) {
    for (let bin = 0; bin < bins; bin++) {
      yield { column, bin, missingLeft: false };
      yield { column, bin, missingLeft: true };
    }
  }
}

function referenceTree(input: Case, sums: Sums): Tree {
  const tree: Tree = { feature: [], bin: [], missingLeft: [] };
  const grow = (rows: readonly Row[], { depth, key }: { depth: number; key: number }): void => {
    const pure = rows.every((row) => row.target === rows[0]!.target);
    let best:
      | { score: number; column: number; bin: number; left: Row[]; right: Row[]; missingLeft: boolean }
      | undefined;
    for (const cut of pure || depth === input.maxDepth || rows.length < input.minSamplesSplit
      ? []
      : cuts(drawnOrder(rows[0]!.codes.length, key), input.bins)) {
      const goesLeft = ({ codes }: Row): boolean =>
        codes[cut.column]! === input.bins ? cut.missingLeft : codes[cut.column]! <= cut.bin;
      const left = rows.filter(goesLeft);
      const right = rows.filter((row) => !goesLeft(row));
      if (left.length < input.minSamplesLeaf || right.length < input.minSamplesLeaf) continue;
      if (!rows.some((row) => row.codes[cut.column] !== input.bins && row.codes[cut.column]! <= cut.bin)) continue;
      const score = scoreOf(left, sums) + scoreOf(right, sums);
      const saw = rows.some((row) => row.codes[cut.column] === input.bins);
      const missingLeft = saw ? cut.missingLeft : left.length > right.length;
      if (best === undefined || score > best.score) best = { ...cut, missingLeft, score, left, right };
    }
    tree.feature.push(best?.column ?? -1);
    if (best === undefined) return;
    if (best.missingLeft) tree.missingLeft.push(tree.bin.length);
    tree.bin.push(best.bin);
    grow(best.left, { depth: depth + 1, key: leftKey(key) });
    grow(best.right, { depth: depth + 1, key: rightKey(key) });
  };
  grow(
    input.rows.filter((row) => row.weight > 0),
    { depth: 0, key: 0 },
  );
  return tree;
}

function ourTree(input: Case, criterion: "mean" | "classes"): Tree {
  const { rows } = input;
  const width = rows[0]!.codes.length;
  const codes = new Uint8Array(rows.length * width);
  rows.forEach((row, r) => {
    row.codes.forEach((code, c) => (codes[c * rows.length + r] = code === input.bins ? 255 : code));
  });
  const matrix: Matrix = {
    rows: rows.length,
    columns: Array.from({ length: width }, (_, c) => ({ name: `${c}`, type: "number", edges: [] })),
    codes,
    varying: Int32Array.from({ length: width }, (_, c) => c),
  };
  const bag = fillBag(
    Uint32Array.from(rows, (row) => row.weight),
    (row, weight) => (criterion === "mean" ? weight * rows[row]!.target : rows[row]!.target),
  );
  const { minSamplesLeaf, minSamplesSplit, maxDepth } = input;
  const { feature, bin, missingLeft } = growTree({
    matrix,
    bag,
    criterion:
      criterion === "mean"
        ? new MeanCriterion(bag, matrix, (sum, weight) => sum / weight)
        : new ClassCriterion(bag, matrix, 5),
    options: { minSamplesLeaf, minSamplesSplit, maxDepth, columnsPerSplit: width, key: 0 },
  });
  return { feature: [...feature], bin: [...bin!], missingLeft: [...(missingLeft ?? [])] };
}

/** Small tables with many ties; `big` ones fill the histograms' words and pass every threshold on node size. */
function cases({ targets, big }: { targets: number; big: boolean }): fc.Arbitrary<Case> {
  const bins = big ? 250 : 5;
  const row = (width: number): fc.Arbitrary<Row> =>
    fc.record({
      codes: fc.array(fc.oneof({ weight: 5, arbitrary: fc.nat({ max: bins - 1 }) }, fc.constant(bins)), {
        minLength: width,
        maxLength: width,
      }),
      target: fc.nat({ max: targets - 1 }),
      weight: fc.nat({ max: 3 }),
    });
  return fc.integer({ min: 1, max: 3 }).chain((width) =>
    fc.record({
      bins: fc.constant(bins),
      rows: fc
        .array(row(width), big ? { minLength: 300, maxLength: 700, size: "max" } : { minLength: 1, maxLength: 25 })
        .filter((rows) => rows.some(({ weight }) => weight > 0)),
      minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
      minSamplesSplit: fc.integer({ min: 2, max: 6 }),
      maxDepth: big ? fc.constant(3) : fc.constantFrom(1, 2, 100),
    }),
  );
}

const ofMean: Sums = (rows) => [rows.reduce((sum, row) => sum + row.weight * row.target, 0)];
const ofClasses: Sums = (rows) => [0, 1, 2, 3, 4].map((c) => weightOf(rows.filter(({ target }) => target === c)));

describe("a tree is the one that trying every cut finds", () => {
  it("for squared error", () => {
    fc.assert(
      fc.property(cases({ targets: 9, big: false }), (input) => {
        expect(ourTree(input, "mean")).toEqual(referenceTree(input, ofMean));
      }),
      { numRuns: 400 },
    );
  });

  it("for gini impurity", () => {
    fc.assert(
      fc.property(cases({ targets: 5, big: false }), (input) => {
        expect(ourTree(input, "classes")).toEqual(referenceTree(input, ofClasses));
      }),
      { numRuns: 400 },
    );
  });

  it("in large nodes", () => {
    fc.assert(
      fc.property(cases({ targets: 5, big: true }), (input) => {
        expect(ourTree(input, "mean")).toEqual(referenceTree(input, ofMean));
        expect(ourTree(input, "classes")).toEqual(referenceTree(input, ofClasses));
      }),
      { numRuns: 4 },
    );
  });
});
