/**
 * The report of a run: one JSON object that says how good the model is and what a person should know about the data.
 * It is a function of the data, the spec and the trees alone: no time, host or attempt, so a run that was killed five
 * times reports the same bytes.
 */
import type { TreesHeaderLine } from "../model/format.ts";
import type { CurvePoint } from "./curve.ts";
import type { LeftOut, PermutationImportances } from "./permutation.ts";
import type { Scoreboard } from "./scoreboard.ts";
import type { Scores } from "./scores.ts";

export interface Report {
  readonly kind: "report";
  readonly version: 1;
  readonly problemType: TreesHeaderLine["problemType"];
  readonly target: string;
  /** Labels, in the order of the confusion matrix. */
  readonly classes?: readonly string[];
  readonly rows: { readonly train: number; readonly test: number };
  /** Of a forest. */
  readonly trees?: { readonly grown: number; readonly asked: number };
  /** Of boosting: early stopping may end it before `asked`; it predicts by those up to index `best`. */
  readonly iterations?: { readonly grown: number; readonly asked: number; readonly best?: number };
  /** The main score, as in the task's status. */
  readonly score?: string;
  /** On rows that no tree was grown from. Absent when testFraction is 0. */
  readonly heldOut?: Scores;
  /** On each row by the trees that had left it out. Absent without bootstrap, and for boosting. */
  readonly outOfBag?: Scores;
  /** Share of the impurity decrease (boosting: of the gain), greatest first; they sum to 1. */
  readonly importances: readonly { readonly column: string; readonly importance: number }[];
  /** On held-out rows. Absent when testFraction is 0. */
  readonly permutationImportances?: PermutationImportances | LeftOut;
  readonly curve: readonly CurvePoint[];
  readonly warnings: readonly string[];
}

export interface ReportInput {
  readonly header: TreesHeaderLine;
  readonly rows: Report["rows"];
  /** Trees, or iterations, that are in the model. */
  readonly lines: number;
  /** One per column of the header, as the model's `end` has them. */
  readonly importances: readonly number[];
  /** That has counted these lines. */
  readonly scoreboard: Scoreboard;
  readonly warnings: readonly string[];
}

export function reportOf({ header, rows, lines, importances, scoreboard, warnings }: ReportInput): Report {
  const { problemType, target, classes, columns } = header;
  const { score } = scoreboard.snapshot();
  const heldOut = scoreboard.heldOut();
  const outOfBag = scoreboard.outOfBag();
  const permutationImportances = scoreboard.permutationImportances();
  return {
    kind: "report",
    version: 1,
    problemType,
    target,
    ...(classes === undefined ? {} : { classes }),
    rows,
    ...grown(header, lines, scoreboard.bestIteration),
    ...(score === undefined ? {} : { score }),
    ...(heldOut === undefined ? {} : { heldOut }),
    ...(outOfBag === undefined ? {} : { outOfBag }),
    importances: columns
      .map((column, index) => ({ column: column.name, importance: importances[index]! }))
      .toSorted((a, b) => b.importance - a.importance),
    ...(permutationImportances === undefined ? {} : { permutationImportances }),
    curve: scoreboard.curve(),
    warnings,
  };
}

function grown(header: TreesHeaderLine, lines: number, best: number | undefined): Pick<Report, "trees" | "iterations"> {
  if (header.trainer === "randomForest") return { trees: { grown: lines, asked: header.randomForest.nEstimators } };
  const asked = header.gradientBoosting.maxIter;
  return { iterations: { grown: lines, asked, ...(best === undefined ? {} : { best }) } };
}
