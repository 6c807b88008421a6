/**
 * What the rows say of a library's tree: how many rows of each class a leaf has, in whole numbers (the library keeps
 * sums of 1/n), and how much each split lessens the impurity: Gini's, or the variance, as in our own grower's lines.
 */
import type { TreeLine } from "../../model/format.ts";
import type { LibraryDraw, LibraryTable, ThresholdTree } from "./library-tree.ts";

/** Answers the line of a tree, but for its index. */
export function treeArrays(
  tree: ThresholdTree,
  table: LibraryTable,
  { rows }: Pick<LibraryDraw, "rows">,
): Omit<TreeLine, "kind" | "tree"> {
  const { feature, threshold, means } = tree;
  const ways = waysOf(tree, table, rows);
  const { impurity, leaves } = table.classes === 0 ? ofNumbers(ways, table) : ofClasses(ways, table);
  const value = table.classes === 0 ? means : leaves.filter((_, node) => feature[node]! < 0);
  return { feature, threshold, value, importance: importanceOf(tree, impurity, table.columns) };
}

/** What the rows make of a node. */
interface NodeFacts {
  /** Its rows times their impurity. */
  readonly impurity: Float64Array;
  /** Of classification: what it would be as a leaf, `class` or `[class, rows, ...]`. */
  readonly leaves: readonly (number | number[])[];
}

/** The nodes that rows come by: calls `at` for each row and each node on its way. */
interface Ways {
  readonly nodes: number;
  readonly forEach: (at: (node: number, row: number) => void) => void;
}

function waysOf(tree: ThresholdTree, { cells, columns }: LibraryTable, rows: Uint32Array): Ways {
  const { feature, right } = tree;
  let split = 0;
  const thresholds = feature.map((column) => (column < 0 ? NaN : tree.threshold[split++]!));
  return {
    nodes: feature.length,
    forEach(at) {
      for (const row of rows) {
        let node = 0;
        at(node, row);
        for (let column = feature[0]!; column >= 0; column = feature[node]!) {
          node = cells[row * columns + column]! < thresholds[node]! ? node + 1 : right[node]!;
          at(node, row);
        }
      }
    },
  };
}

/** Rows times Gini's impurity: n - sum of squared counts / n. */
function ofClasses({ nodes, forEach }: Ways, { truth, classes }: LibraryTable): NodeFacts {
  const counts = new Uint32Array(nodes * classes);
  forEach((node, row) => (counts[node * classes + truth[row]!]! += 1));
  const impurity = new Float64Array(nodes);
  const leaves = Array.from(impurity, (_, node) => {
    const pairs: number[] = [];
    let rows = 0;
    let squares = 0;
    counts.subarray(node * classes, (node + 1) * classes).forEach((count, label) => {
      if (count > 0) pairs.push(label, count);
      rows += count;
      squares += count * count;
    });
    impurity[node] = rows - squares / rows;
    return pairs.length === 2 ? pairs[0]! : pairs;
  });
  return { impurity, leaves };
}

/** Rows times the variance, from sums about the mean of all rows, which keeps their digits. */
function ofNumbers({ nodes, forEach }: Ways, { truth }: LibraryTable): NodeFacts {
  const rows = new Float64Array(nodes);
  const sums = new Float64Array(nodes);
  const squares = new Float64Array(nodes);
  forEach((node, row) => {
    rows[node]! += 1;
    sums[node]! += truth[row]!;
  });
  const mean = sums[0]! / rows[0]!;
  sums.fill(0);
  forEach((node, row) => {
    sums[node]! += truth[row]! - mean;
    squares[node]! += (truth[row]! - mean) ** 2;
  });
  return { impurity: squares.map((square, node) => square - sums[node]! ** 2 / rows[node]!), leaves: [] };
}

/** `[column, share, ...]` of the decrease, columns ascending. */
function importanceOf({ feature, right }: ThresholdTree, impurity: Float64Array, columns: number): number[] {
  const decreases = new Float64Array(columns);
  feature.forEach((column, node) => {
    if (column < 0) return;
    decreases[column]! += Math.max(0, impurity[node]! - impurity[node + 1]! - impurity[right[node]!]!);
  });
  const total = decreases.reduce((sum, decrease) => sum + decrease, 0);
  return Array.from(decreases, (decrease, column) => [column, decrease / total])
    .filter(([column]) => decreases[column!]! > 0)
    .flat();
}
