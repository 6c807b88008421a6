/**
 * The grower against a tree grown the plain way: lists of rows, every cut of every column tried on all of them, nothing shared
 * with the code under test but the formula of a score and the order in which a node's columns are drawn.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bag } from "./bag.ts";
import { bestFirst } from "./best-first.ts";
import { ClassCriterion } from "./class-criterion.ts";
import { leftKey, lotOf, rightKey } from "./feature-draw.ts";
import { depthFirst } from "./grow.ts";
import { classPurity, sidePurity } from "./impurity.ts";
import type { Matrix } from "./matrix.ts";
import { MeanCriterion } from "./mean-criterion.ts";
import type { Ground } from "./search.ts";

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
/** How pure the rows of one side are. */
type Purity = (rows: readonly Row[]) => number;

const weightOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + row.weight, 0);

/** Of equally good columns the one with the lowest lot wins. */
const byLot = (columns: number, key: number): number[] =>
  Array.from({ length: columns }, (_, c) => c).toSorted((a, b) => lotOf(key, a) - lotOf(key, b));

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

function referenceTree(input: Case, purity: Purity): Tree {
  const tree: Tree = { feature: [], bin: [], missingLeft: [] };
  const grow = (rows: readonly Row[], { depth, key }: { depth: number; key: number }): void => {
    const pure = rows.every((row) => row.target === rows[0]!.target);
    let best:
      | { score: number; column: number; bin: number; left: Row[]; right: Row[]; missingLeft: boolean }
      | undefined;
    for (const cut of pure || depth === input.maxDepth || rows.length < input.minSamplesSplit
      ? []
      : cuts(byLot(rows[0]!.codes.length, key), input.bins)) {
      const goesLeft = ({ codes }: Row): boolean =>
        codes[cut.column]! === input.bins ? cut.missingLeft : codes[cut.column]! <= cut.bin;
      const left = rows.filter(goesLeft);
      const right = rows.filter((row) => !goesLeft(row));
      if (left.length < input.minSamplesLeaf || right.length < input.minSamplesLeaf) continue;
      if (!rows.some((row) => row.codes[cut.column] !== input.bins && row.codes[cut.column]! <= cut.bin)) continue;
      const score = purity(left) + purity(right);
      const saw = rows.some((row) => row.codes[cut.column] === input.bins);
      const missingLeft = saw ? cut.missingLeft : left.length > right.length;
      if (score > (best?.score ?? -Infinity)) best = { ...cut, missingLeft, score, left, right };
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

type Kind = keyof typeof purities;
const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + row.weight * row.target, 0);
const classWeights = (rows: readonly Row[]): number[] =>
  [0, 1, 2, 3, 4].map((c) => weightOf(rows.filter(({ target }) => target === c)));
const ofMean =
  (criterion: keyof typeof sidePurity): Purity =>
  (rows) =>
    sidePurity[criterion](sumOf(rows), weightOf(rows));
const ofClasses = (criterion: keyof typeof classPurity): Purity => {
  const { part, whole } = classPurity[criterion];
  return (rows) =>
    whole(
      classWeights(rows).reduce((sum, weight) => sum + part(weight), 0),
      weightOf(rows),
    );
};
/** Of `two classes` and `entropy of two classes` the targets are 0 and 1. */
const purities = {
  "squared error": ofMean("squaredError"),
  poisson: ofMean("poisson"),
  "gini impurity of two classes": ofMean("gini"),
  "entropy of two classes": ofMean("entropy"),
  "gini impurity": ofClasses("gini"),
  entropy: ofClasses("entropy"),
} satisfies Record<string, Purity>;

function matrixOf({ rows, bins }: Case): Matrix {
  const width = rows[0]!.codes.length;
  const codes = new Uint8Array(rows.length * width);
  rows.forEach((row, r) => {
    row.codes.forEach((code, c) => (codes[c * rows.length + r] = code === bins ? 255 : code));
  });
  return {
    rows: rows.length,
    columns: Array.from({ length: width }, (_, c) => ({ name: `${c}`, type: "number", edges: [] })),
    codes,
    varying: Int32Array.from({ length: width }, (_, c) => c),
  };
}

function groundOf(input: Case, kind: Kind, drawn = Infinity): Ground {
  const { rows, minSamplesLeaf, minSamplesSplit, maxDepth } = input;
  const matrix = matrixOf(input);
  const bag = new Bag(rows.length);
  const classes = kind === "gini impurity" || kind === "entropy";
  rows.forEach(({ weight, target }, row) => {
    if (weight > 0) bag.add(row, weight, classes ? target : weight * target);
  });
  const side = {
    "squared error": "squaredError",
    poisson: "poisson",
    "gini impurity of two classes": "gini",
    "entropy of two classes": "entropy",
  } as const;
  const criterion = classes
    ? new ClassCriterion(bag, matrix, { classes: 5, purity: classPurity[kind === "entropy" ? "entropy" : "gini"] })
    : new MeanCriterion(bag, matrix, {
        truth: Float64Array.from(rows, ({ target }) => target),
        purity: sidePurity[side[kind]],
        leafOf: (sum, weight) => sum / weight,
      });
  const columnsPerSplit = Math.min(drawn, matrix.varying.length);
  const options = {
    minSamplesLeaf,
    minSamplesSplit,
    maxDepth,
    columnsPerSplit,
    minImpurityDecrease: 0,
    impurityUnit: 1,
  };
  return { matrix, bag, criterion, options };
}

function ourTree(input: Case, kind: Kind): Tree {
  const { feature, bin, missingLeft } = depthFirst(groundOf(input, kind))(0);
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
  // Seven columns are a batch of four and one of three.
  return fc.constantFrom(...(big ? [1, 7] : [1, 2, 3])).chain((width) =>
    fc.record({
      bins: fc.constant(bins),
      rows: fc
        .array(row(width), big ? { minLength: 300, maxLength: 700, size: "max" } : { minLength: 1, maxLength: 25 })
        .filter((rows) => rows.some(({ weight }) => weight > 0)),
      minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
      minSamplesSplit: fc.integer({ min: 2, max: 6 }),
      maxDepth: big ? fc.constant(2) : fc.constantFrom(1, 2, 100),
    }),
  );
}

const targetsOf = (kind: Kind): number => (kind.includes("two") ? 2 : kind === "squared error" ? 9 : 5);

describe.each(Object.keys(purities) as Kind[])("by %s, a tree is the one that trying every cut finds", (kind) => {
  it("in small nodes", () => {
    fc.assert(
      fc.property(cases({ targets: targetsOf(kind), big: false }), (input) => {
        expect(ourTree(input, kind)).toEqual(referenceTree(input, purities[kind]));
      }),
      { numRuns: 200 },
    );
  });

  it("in large nodes", () => {
    fc.assert(
      fc.property(cases({ targets: targetsOf(kind), big: true }), (input) => {
        expect(ourTree(input, kind)).toEqual(referenceTree(input, purities[kind]));
      }),
      { numRuns: 2 },
    );
  });

  it("and growing it best first, as far as there are leaves, ends in the same one", () => {
    fc.assert(
      fc.property(cases({ targets: targetsOf(kind), big: false }), (input) => {
        expect(bestFirst(groundOf(input, kind), Infinity)(0)).toEqual(depthFirst(groundOf(input, kind))(0));
      }),
    );
  });

  it.each([
    ["small", false, 100],
    ["large", true, 2],
  ] as const)("also where %s nodes draw their columns", (_, big, numRuns) => {
    fc.assert(
      fc.property(cases({ targets: targetsOf(kind), big }), fc.constantFrom(1, 2, 5), (one, drawn) => {
        // Growing best first searches by histograms whatever the size of a node.
        const input = { ...one, maxDepth: 100 };
        const expected = bestFirst(groundOf(input, kind, drawn), Infinity)(0);
        expect(depthFirst(groundOf(input, kind, drawn))(0)).toEqual(expected);
      }),
      { numRuns },
    );
  });
});
