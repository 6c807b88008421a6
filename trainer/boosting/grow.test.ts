import { describe, expect, it } from "vitest";
import { aNumberColumn } from "../../test/builders/forest.ts";
import { random } from "../../traintask/random.ts";
import { codeMatrix } from "../forest/matrix.ts";
import { Arena } from "./arena.ts";
import { fillContent } from "./content.ts";
import { type GrownTree, TreeGrower } from "./grow.ts";

const rows = 300;
const draw = random(11);
const table = Array.from({ length: 6 }, (_, c) =>
  aNumberColumn(
    Array.from({ length: rows }, () => draw.below(40 + 30 * c)),
    `x${c}`,
  ),
);
const gradient = Float64Array.from({ length: rows }, () => draw.uniform() - 0.5);

function treesOf({ columns = table, histograms }: { columns?: typeof table; histograms: number }): GrownTree[] {
  const matrix = codeMatrix(
    columns,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
  const arena = new Arena(matrix, { training: rows, histograms });
  const bins = Int32Array.from(matrix.columns, (column) => (column.type === "number" ? column.edges.length + 1 : 0));
  const options = { maxLeafNodes: 60, maxDepth: Infinity, minSamplesLeaf: 1, l2Regularization: 0 };
  const grower = new TreeGrower(arena, bins, options);
  return [1, -2, 3].map((factor) => {
    const derivatives = { gradient: gradient.map((g, row) => g * factor + (row % 7)) };
    const scales = fillContent(derivatives, { content: arena.content, leafHessian: new Float64Array(rows) });
    const { leaves, ...tree } = grower.grow(scales, new Float64Array(columns.length));
    return { ...tree, leaves: leaves.map(({ start, end }) => ({ start, end })) };
  });
}

describe("a tree", () => {
  it("is the same whether each node keeps its histogram, or next to none does", () => {
    const roomy = treesOf({ histograms: 61 });
    expect(roomy.map(({ leaves }) => leaves.length)).toEqual([60, 60, 60]);
    for (const histograms of [2, 3, 5, 20]) expect(treesOf({ histograms })).toEqual(roomy);
  });

  it("is the same when columns are added that repeat those there are: of equal cuts the lower column counts", () => {
    const repeated = [...table, ...table].map((column, c) => ({ ...column, name: `x${c}` }));
    expect(treesOf({ columns: repeated, histograms: 61 })).toEqual(treesOf({ histograms: 61 }));
  });
});
