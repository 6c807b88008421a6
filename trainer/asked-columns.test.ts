import fc from "fast-check";
import { expect, test } from "vitest";
import { askedColumns } from "./asked-columns.ts";

interface Tree {
  readonly feature: number[];
  readonly asked: number[][];
}
/** A tree in preorder, and what each of its leaves was asked on the way. */
const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant<Tree>({ feature: [-1], asked: [[]] }),
    fc.tuple(fc.nat(69), tie("tree"), tie("tree")).map(([column, left, right]) => ({
      feature: [column, ...left.feature, ...right.feature],
      asked: [...left.asked, ...right.asked].map((columns) => [column, ...columns]),
    })),
  ),
})).tree;

test("a leaf has the columns of the splits above it, and no other", () => {
  fc.assert(
    fc.property(trees, ({ feature, asked }) => {
      const found = askedColumns(feature, 70);
      asked.forEach((columns, leaf) => {
        for (let column = 0; column < 70; column++) expect(found.has(leaf, column)).toBe(columns.includes(column));
      });
    }),
    { numRuns: 50 },
  );
});
