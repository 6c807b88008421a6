/**
 * The test rows' votes, tree by tree: rows that no tree was grown from. Adding a tree costs one walk per row, so the
 * score is there while the forest grows, and no model has to be read back to make the report.
 */
import type { TableColumn } from "../data/column.ts";
import { compactTree, leafOf } from "../model/compact.ts";
import { missingCode, numberCode } from "../model/encode.ts";
import type { HeaderLine, ModelColumn, TreeLine } from "../model/format.ts";
import { mostProbable } from "../model/most-probable.ts";

export interface HeldOut {
  /** Takes the trees in the order of their index: sums of doubles depend on it. */
  add(tree: TreeLine): void;
  /**
   * Per test row the index of the most probable class (ties to the first), or the mean; as the model predicts.
   * Meaningless before the first tree.
   */
  predictions(): Float64Array;
}

/**
 * @param columns those of the table, in the order of the header's
 * @param rows numbers of the test rows
 */
export function heldOut(header: HeaderLine, columns: readonly TableColumn[], rows: Uint32Array): HeldOut {
  const codes = new Uint8Array(rows.length * columns.length);
  header.columns.forEach((column, index) => {
    encode(column, columns[index]!, { rows, into: codes.subarray(index * rows.length, (index + 1) * rows.length) });
  });
  const outputs = header.classes?.length ?? 1;
  const sums = new Float64Array(rows.length * outputs);
  let trees = 0;
  return {
    add(line) {
      trees += 1;
      if (rows.length === 0) return;
      const tree = compactTree(line, header.problemType);
      for (let row = 0; row < rows.length; row++) {
        const leaf = leafOf(tree, codes, { stride: rows.length, at: row });
        for (let k = tree.start[leaf]!; k < tree.start[leaf + 1]!; k++) {
          const output = header.classes === undefined ? 0 : tree.classOf[k]!;
          sums[row * outputs + output]! += tree.entry[k]!;
        }
      }
    },
    predictions() {
      if (header.classes === undefined) return sums.map((sum) => sum / trees);
      return Float64Array.from(rows, (_, row) => mostProbable(sums.subarray(row * outputs, (row + 1) * outputs)));
    },
  };
}

function encode(
  column: ModelColumn,
  values: TableColumn,
  { rows, into }: { rows: Uint32Array; into: Uint8Array },
): void {
  if (column.type === "number" && values.type === "number") {
    const edges = Float64Array.from(column.edges);
    rows.forEach((row, place) => (into[place] = numberCode(edges, values.values[row]!)));
  } else if (column.type === "category" && values.type === "category") {
    // The header may hold fewer or other categories than the table: what it does not know is missing.
    const codeOf = values.categories.map((category) => column.categories.indexOf(category));
    const code = (known: number | undefined): number => (known === undefined || known < 0 ? missingCode : known);
    rows.forEach((row, place) => (into[place] = code(codeOf[values.codes[row]!])));
  } else {
    throw new TypeError(`column ${column.name} is ${column.type} in the header and ${values.type} in the table`);
  }
}
