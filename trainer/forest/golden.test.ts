/** The grower against scikit-learn's trees on data without ties, recorded by test/golden/record.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import type { z } from "zod";
import type { NumberColumn } from "../../model/format.ts";
import type { randomForestSchema } from "../../traintask/trainers.ts";
import { type ForestTarget, prepareForest } from "./forest.ts";

interface Case {
  readonly kind: "regression" | "counts" | "two" | "four";
  readonly holes: number;
  /** Of ours, that mean what scikit-learn was asked for. */
  readonly options: z.input<typeof randomForestSchema>;
  readonly weights?: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
  readonly target: readonly number[];
  /** By node, in preorder; -1 and null in a leaf. A null threshold of a split: every number goes left. */
  readonly feature: readonly number[];
  readonly threshold: readonly (number | null)[];
  readonly missingLeft: readonly boolean[];
  readonly importances: readonly number[];
}
const golden = JSON.parse(readFileSync("test/golden/trees.json", "utf8")) as { readonly cases: readonly Case[] };

function targetOf({ kind, target }: Case): ForestTarget {
  if (kind === "regression" || kind === "counts") return aRegressionTarget(target);
  return aClassTarget(target, kind === "two" ? ["a", "b"] : ["a", "b", "c", "d"]);
}

/** Whether a row goes left at a node, and the node's right child: enough to walk a tree in preorder. */
interface Walk {
  readonly feature: readonly number[];
  readonly goesLeft: (node: number, row: number) => boolean;
}

/** The leaf, by its place in preorder, that each row falls into. */
function leaves({ feature, goesLeft }: Walk, rows: number): number[] {
  const right = (node: number): number => {
    let open = 1;
    let next = node + 1;
    for (; open > 0; next++) open += feature[next]! >= 0 ? 1 : -1;
    return next;
  };
  return Array.from({ length: rows }, (_, row) => {
    let node = 0;
    while (feature[node]! >= 0) node = goesLeft(node, row) ? node + 1 : right(node);
    return node;
  });
}

describe("on data without ties, our tree is scikit-learn's", () => {
  const names = golden.cases.map((one, i) => {
    const weighted = one.weights === undefined ? "" : ", weighted";
    return [
      `${one.kind}, ${one.holes * 100}% missing${weighted}, ${JSON.stringify(one.options)}, table ${i}`,
      one,
    ] as const;
  });
  it.each(names)("%s", (_, one) => {
    const columns = one.columns.map((values, c) =>
      aNumberColumn(
        values.map((x) => x ?? NaN),
        `x${c}`,
      ),
    );
    const input = aForestInput({
      columns,
      target: targetOf(one),
      ...(one.weights === undefined ? {} : { weights: Float64Array.from(one.weights) }),
      options: { minSamplesSplit: 20, minSamplesLeaf: 7, ...one.options },
    });
    const forest = prepareForest(input);
    const tree = forest.growTree(0);
    const edges = forest.header.columns.map((column) => (column as NumberColumn).edges);
    // Index among splits of each node.
    const split = tree.feature.map(
      (_column, node) => tree.feature.slice(0, node).filter((column) => column >= 0).length,
    );
    const missingLeft = tree.feature.map(
      (column, node) => column >= 0 && (tree.missingLeft ?? []).includes(split[node]!),
    );

    expect(tree.feature).toEqual(one.feature);
    expect(missingLeft).toEqual(one.missingLeft.map((left, node) => left && one.feature[node]! >= 0));
    // Thresholds may differ within a gap between a node's values, so what counts is that no row goes another way.
    const theirs = (node: number, row: number): boolean => {
      const x = one.columns[one.feature[node]!]![row]!;
      return x === null ? one.missingLeft[node]! : x <= (one.threshold[node] ?? Infinity);
    };
    const ours = (node: number, row: number): boolean => {
      const x = one.columns[tree.feature[node]!]![row]!;
      return x === null ? missingLeft[node]! : x <= (edges[tree.feature[node]!]![tree.bin![split[node]!]!] ?? Infinity);
    };
    const rows = one.target.length;
    expect(leaves({ feature: tree.feature, goesLeft: ours }, rows)).toEqual(
      leaves({ feature: one.feature, goesLeft: theirs }, rows),
    );
    const importances = new Float64Array(columns.length);
    for (let i = 0; i < tree.importance.length; i += 2) importances[tree.importance[i]!] = tree.importance[i + 1]!;
    importances.forEach((share, column) => expect(share).toBeCloseTo(one.importances[column]!, 9));
  });
});
