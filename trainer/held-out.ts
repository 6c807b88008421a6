/**
 * The answers for the test rows, line by line: rows that no tree was grown from. Adding a tree costs one walk per row, so
 * the score is there while the model grows, and no model has to be read back to make the report.
 */
import type { TableColumn } from "../data/column.ts";
import type { TreesHeaderLine, IterationLine, TreeLine } from "../model/format.ts";
import { answers } from "./answers.ts";
import { encodedRows, leafFinder } from "./encoded-rows.ts";

export interface HeldOut {
  /** Takes the lines in the order of their index: sums of doubles depend on it. */
  add(line: TreeLine | IterationLine): void;
  /**
   * Per test row the value, or the probabilities of the classes one after the other, as the model predicts them with the
   * lines added so far; of boosting by the best iteration so far. Meaningless before the first line.
   */
  outputs(): Float64Array;
}

/**
 * @param columns those of the table, in the order of the header's
 * @param rows numbers of the test rows
 */
export function heldOut(header: TreesHeaderLine, columns: readonly TableColumn[], rows: Uint32Array): HeldOut {
  const encoded = encodedRows(header.columns, columns, rows);
  const sums = answers(header, rows.length);
  const leaves = new Int32Array(rows.length);
  return {
    add(line) {
      if (rows.length === 0) return;
      sums.add(line, (tree) => {
        const find = leafFinder(tree, encoded.cells(tree), rows.length);
        for (let row = 0; row < rows.length; row++) leaves[row] = find(row);
        return leaves;
      });
    },
    outputs: () => sums.outputs(),
  };
}
