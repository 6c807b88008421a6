/** Keeps the columns that a forest of extremely randomised trees goes by, as scikit-learn's SelectFromModel. */
import type { FittedSelection } from "../../model/steps/selection.ts";
import { type Operator, OperatorError } from "./operator.ts";
import { allColumns, extraTreesImportances, importanceGrid } from "./trees/importances.ts";
import { number } from "./trees/parameters.ts";
import { sortedTable } from "./trees/sorted-table.ts";

export const selectFromModel: Operator = {
  kind: "transformer",
  problemTypes: ["classification", "regression"],
  parameters: { threshold: [0.05, 0, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6], ...importanceGrid },
  onlyFor: { criterion: "classification" },
  fit(input, parameters): FittedSelection {
    const threshold = number(parameters, "threshold");
    const table = sortedTable(input.x);
    const importances = extraTreesImportances(input, parameters, { table, columns: allColumns(table) });
    const kept = [...importances.keys()].filter((c) => importances[c]! >= threshold);
    if (kept.length === 0)
      throw new OperatorError(
        `no column has an importance of at least ${threshold}, the greatest is ${Math.max(...importances).toFixed(3)}`,
      );
    return { kept };
  },
};
