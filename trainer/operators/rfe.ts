/**
 * Recursive feature elimination (Guyon and others, 2002), as scikit-learn's RFE: the columns that a forest of extremely randomised
 * trees goes by least are left out, some at a time, until half of them are left.
 */
import type { FittedSelection } from "../../model/steps/selection.ts";
import type { Operator } from "./operator.ts";
import { allColumns, extraTreesImportances, importanceGrid } from "./trees/importances.ts";
import { number, shareOf } from "./trees/parameters.ts";
import { sortedTable } from "./trees/sorted-table.ts";

export const rfe: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  /** `step` is the share of all columns that is left out at a time. */
  parameters: { step: [0.25, 0.05, 0.1, 0.15, 0.35, 0.5], ...importanceGrid },
  onlyFor: { criterion: "classification" },
  fit(input, parameters): FittedSelection {
    const table = sortedTable(input.x);
    const wanted = shareOf(0.5, table.columns);
    const step = shareOf(number(parameters, "step"), table.columns);
    let columns = allColumns(table);
    while (columns.length > wanted) {
      const importances = extraTreesImportances(input, parameters, { table, columns });
      // Of equally important columns the first are kept.
      const best = columns.toSorted((a, b) => importances[b]! - importances[a]! || a - b);
      columns = best.subarray(0, Math.max(wanted, columns.length - step)).sort();
    }
    return { kept: Array.from(columns) };
  },
};
