/** By how much a forest of extremely randomised trees goes by each column: what selectors judge columns by. */
import type { FitInput, Parameters } from "../operator.ts";
import { importances } from "./forest.ts";
import { criteria, members, shareOf, shares } from "./parameters.ts";
import type { SortedTable } from "./sorted-table.ts";

/** Of the forest. */
export const importanceGrid = { maxFeatures: shares, criterion: criteria } as const;

export interface Among {
  readonly table: SortedTable;
  /** The columns that the trees may split by, ascending. */
  readonly columns: Int32Array;
}

/** @returns one for each column of the table; they sum to 1, or are all 0 where no tree has a split */
export function extraTreesImportances(
  { seed, target, x }: FitInput,
  parameters: Parameters,
  { table, columns }: Among,
): Float64Array {
  return importances(
    { x, target, seed },
    {
      trees: members,
      criterion: parameters["criterion"] as "gini" | "entropy",
      columnsPerSplit: shareOf(parameters["maxFeatures"], columns.length),
      columns,
      cuts: "random",
      bootstrap: false,
      maxDepth: Infinity,
      minSamplesSplit: 2,
      minSamplesLeaf: 1,
    },
    table,
  );
}

export const allColumns = ({ columns }: SortedTable): Int32Array => Int32Array.from({ length: columns }, (_, c) => c);
