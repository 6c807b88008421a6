/** The grower against one that tries every cut of every column and adds up the rows of both sides anew. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFitInput, aMatrix, classTarget, numberTarget } from "../../../test/builders/operators.ts";
import { forest } from "../../../model/steps/forest.ts";
import type { FitInput, Target } from "../operator.ts";
import { growForest, growTree, importances } from "./forest.ts";

const options = { criterion: "gini", maxDepth: Infinity, minSamplesSplit: 2, minSamplesLeaf: 1, cuts: "best" } as const;

type Criterion = "gini" | "entropy";
interface Cut {
  readonly column: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** How impure some rows are, times how many they are. */
function impurity(target: Target, rows: readonly number[], criterion: Criterion): number {
  if (target.problemType === "regression") {
    const mean = rows.reduce((sum, row) => sum + target.values[row]! / rows.length, 0);
    return rows.reduce((sum, row) => sum + (target.values[row]! - mean) ** 2, 0);
  }
  const counts = new Float64Array(target.classes);
  for (const row of rows) counts[target.codes[row]!]! += 1;
  const shares = [...counts].filter((count) => count > 0).map((count) => count / rows.length);
  const of = (share: number): number => (criterion === "gini" ? share * (1 - share) : -share * Math.log(share));
  return rows.length * shares.reduce((sum, share) => sum + of(share), 0);
}

function everyCut({ x }: FitInput, rows: readonly number[], minSamplesLeaf: number): Cut[] {
  return Array.from({ length: x.columns }, (_, column) => column).flatMap((column) => {
    const at = (row: number): number => x.values[row * x.columns + column]!;
    const distinct = [...new Set(rows.map(at))].toSorted((a, b) => a - b);
    return distinct
      .slice(0, -1)
      .map((low) => ({
        column,
        left: rows.filter((row) => at(row) <= low),
        right: rows.filter((row) => at(row) > low),
      }))
      .filter(({ left, right }) => Math.min(left.length, right.length) >= minSamplesLeaf);
  });
}

const aTable = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) =>
  fc.record({
    x: fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
    codes: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: rows, maxLength: rows }),
    minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
    criterion: fc.constantFrom<Criterion>("gini", "entropy"),
  }),
);

/** Follows a tree, node by node, with the rows that fall there. */
function eachNode(
  { feature, threshold }: { feature: readonly number[]; threshold: readonly number[] },
  input: FitInput,
  visit: (node: { column: number; rows: number[]; left: number[] }) => void,
): void {
  let [node, split] = [0, 0];
  const walk = (rows: number[]): void => {
    const column = feature[node++]!;
    if (column < 0) return visit({ column, rows, left: [] });
    const limit = threshold[split++]!;
    const left = rows.filter((row) => input.x.values[row * input.x.columns + column]! <= limit);
    visit({ column, rows, left });
    walk(left);
    walk(rows.filter((row) => !left.includes(row)));
  };
  walk(Array.from({ length: input.x.rows }, (_, row) => row));
}

describe("a tree", () => {
  it.each(["classification", "regression"] as const)("cuts every node as well as it can be cut: %s", (problemType) => {
    fc.assert(
      fc.property(aTable, ({ x, codes, minSamplesLeaf, criterion }) => {
        const target = problemType === "regression" ? numberTarget(codes) : classTarget(codes, 3);
        const input = aFitInput(x, target);
        const tree = growTree(input, { ...options, criterion, minSamplesLeaf, columnsPerSplit: x[0]!.length });
        eachNode(tree, input, ({ column, rows, left }) => {
          const own = impurity(target, rows, criterion);
          const cuts = everyCut(input, rows, minSamplesLeaf);
          if (column < 0) {
            expect(own < 1e-9 || cuts.length === 0).toBe(true);
            return;
          }
          expect(Math.min(left.length, rows.length - left.length)).toBeGreaterThanOrEqual(minSamplesLeaf);
          const of = ({ left: l, right: r }: Pick<Cut, "left" | "right">): number =>
            impurity(target, l, criterion) + impurity(target, r, criterion);
          const least = Math.min(...cuts.map(of));
          expect(of({ left, right: rows.filter((row) => !left.includes(row)) })).toBeLessThan(least + 1e-9);
        });
      }),
    );
  });

  it("takes the first column of those that cut as well, and its lowest threshold", () => {
    const input = aFitInput(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      numberTarget([0, 1, 2]),
    );
    expect(growTree(input, { ...options, maxDepth: 1, columnsPerSplit: 2 })).toEqual({
      feature: [0, -1, -1],
      threshold: [0.5],
      value: [0, 1.5],
    });
  });

  it("cuts a node that no cut makes purer at once, where cuts below may", () => {
    const input = aFitInput(
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      classTarget([0, 1, 1, 0]),
    );
    expect(growTree(input, { ...options, columnsPerSplit: 2 }).value).toEqual([0, 1, 1, 0]);
  });

  it("has leaves that say what is in them", () => {
    const codes = aFitInput([[0], [0], [0], [1]], classTarget([2, 0, 2, 1]));
    expect(growTree(codes, { ...options, columnsPerSplit: 1 }).value).toEqual([[0, 1, 2, 2], 1]);
    const values = aFitInput([[0], [0], [1]], numberTarget([1, 2, 5]));
    expect(growTree(values, { ...options, columnsPerSplit: 1 }).value).toEqual([1.5, 5]);
  });

  it("is as deep as it may be, and does not cut fewer rows than it is told", () => {
    const input = aFitInput(
      Array.from({ length: 8 }, (_, i) => [i]),
      numberTarget([0, 1, 2, 3, 4, 5, 6, 7]),
    );
    const leaves = (more: object): number => growTree(input, { ...options, columnsPerSplit: 1, ...more }).value.length;
    expect([1, 2, 3].map((maxDepth) => leaves({ maxDepth }))).toEqual([2, 4, 8]);
    expect([2, 3, 5, 9].map((minSamplesSplit) => leaves({ minSamplesSplit }))).toEqual([8, 4, 2, 1]);
  });

  it("tells apart numbers whose squares would swallow what differs", () => {
    const input = aFitInput([[0], [1], [2], [3]], numberTarget([1e9, 1e9, 1e9 + 1e-3, 1e9 + 1e-3]));
    expect(growTree(input, { ...options, maxDepth: 1, columnsPerSplit: 1 }).threshold).toEqual([1.5]);
  });

  it("goes on drawing columns until one varies in the node", () => {
    const input = aFitInput(
      Array.from({ length: 6 }, (_, i) => [1, 2, i, 3]),
      numberTarget([0, 0, 0, 1, 1, 1]),
    );
    const grown = growForest(input, { ...options, columnsPerSplit: 1, trees: 20, bootstrap: false });
    expect(grown.feature).toEqual(Array.from({ length: 20 }, () => [2, -1, -1]).flat());
  });
});

describe("a forest", () => {
  const rows = Array.from({ length: 60 }, (_, i) => [i % 7, (i * 5) % 11, i % 3]);
  const targets = [classTarget(rows.map(([a, b]) => (a! + b!) % 3)), numberTarget(rows.map(([a, b]) => a! * b!))];

  it.each(["best", "random"] as const)("draws anew for each tree, by its index alone: %s cuts", (cuts) => {
    for (const target of targets) {
      const grow = (trees: number) =>
        growForest(aFitInput(rows, target), { ...options, cuts, columnsPerSplit: 1, trees, bootstrap: true });
      const [one, three] = [grow(1), grow(3)];
      expect(three.feature.slice(0, one.feature.length)).toEqual(one.feature);
      expect(three.value.slice(0, one.value.length)).toEqual(one.value);
      expect(JSON.stringify(three)).not.toContain(JSON.stringify({ ...one }).slice(1, -1));
    }
  });

  it("of random cuts has thresholds between any two numbers", () => {
    const input = aFitInput([[0], [1]], numberTarget([0, 1]));
    const { threshold } = growForest(input, {
      ...options,
      cuts: "random",
      columnsPerSplit: 1,
      trees: 400,
      bootstrap: false,
    });
    const below = (limit: number): number => threshold.filter((at) => at < limit).length;
    for (const limit of [0.25, 0.5, 0.75]) expect(Math.abs(below(limit) - 400 * limit)).toBeLessThan(40);
  });

  it("of random cuts has as many rows in each leaf as it must", () => {
    for (const target of targets) {
      const input = aFitInput(rows, target);
      const few = {
        ...options,
        minSamplesLeaf: 4,
        cuts: "random",
        columnsPerSplit: 2,
        trees: 1,
        bootstrap: false,
      } as const;
      eachNode(growForest(input, few), input, ({ rows: inNode }) => {
        expect(inNode.length).toBeGreaterThanOrEqual(4);
      });
    }
  });

  it("knows which columns it goes by", () => {
    const x = rows.map(([a, b, c]) => [a! % 2, b!, c!, 5]);
    const input = aFitInput(x, numberTarget(x.map(([a]) => a!)));
    const found = importances(input, { ...options, columnsPerSplit: 4, trees: 5, bootstrap: true });
    expect(Array.from(found)).toEqual([1, 0, 0, 0]);
    const constant = { ...input, target: numberTarget(rows.map(() => 3)) };
    expect(Array.from(importances(constant, { ...options, columnsPerSplit: 4, trees: 5, bootstrap: true }))).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it("splits by no other columns than it was given", () => {
    const input = aFitInput(rows, targets[1]);
    const columns = Int32Array.of(1, 2);
    const found = importances(input, {
      ...options,
      columns,
      columnsPerSplit: 2,
      trees: 5,
      bootstrap: false,
      cuts: "random",
    });
    expect(found[0]).toBe(0);
    expect(Math.min(found[1]!, found[2]!)).toBeGreaterThan(0);
  });

  it("says the mean of what its trees say", () => {
    const fitted = { feature: [0, -1, -1, -1], threshold: [0.5], value: [[0, 1, 1, 3], 1, 0] };
    const step = forest.read(fitted, { columns: 1, classes: 2 });
    expect(Array.from(step.apply(aMatrix([[0.5], [0.6]])).values)).toEqual([0.625, 0.375, 0.5, 0.5]);
  });
});
