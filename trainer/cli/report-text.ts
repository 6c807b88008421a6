/** A report as text for a terminal. */
import { curveText } from "../curve.ts";
import type { Report, Scores } from "../report.ts";

/** A confusion matrix of more classes than this is for the report's JSON, not for a terminal. */
const maxShownClasses = 10;
const maxShownColumns = 10;

export function reportText(report: Report): string {
  const { classes, importances, rows, trees, warnings } = report;
  const curve = curveText(report.curve);
  return [
    `${report.problemType} of ${report.target}: ${trees.grown} trees from ${rows.train} rows, ${rows.test} held out`,
    ...(report.heldOut === undefined ? [] : section("held-out rows", report.heldOut, classes)),
    ...(report.outOfBag === undefined ? [] : section("out-of-bag", report.outOfBag, classes)),
    ...(curve === "" ? [] : ["", `learning curve  ${curve}`]),
    "",
    "importance",
    ...importances.slice(0, maxShownColumns).map(({ column, importance }) => `  ${importance.toFixed(3)}  ${column}`),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map((warning) => `warning: ${warning}`)]),
  ].join("\n");
}

function section(title: string, scores: Scores, classes: readonly string[] = []): string[] {
  const metrics = scores.metrics.map(({ name, value }) => `${name} ${value.toPrecision(4)}`).join("  ");
  const head = ["", `${title} (${scores.rows} rows)`, `  ${metrics}`];
  const { residuals, confusion } = scores;
  if (residuals !== undefined) {
    return [...head, `  residuals, least to greatest by quarters: ${residuals.quantiles.map(short).join("  ")}`];
  }
  if (confusion === undefined || classes.length > maxShownClasses) return head;
  const cells = [["true \\ predicted", ...classes], ...classes.map((label, i) => [label, ...confusion[i]!])];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => String(row[column]).length)));
  return [
    ...head,
    ...cells.map((row) => `  ${row.map((cell, column) => String(cell).padStart(widths[column]!)).join("  ")}`),
  ];
}

function short(value: number): string {
  return value.toPrecision(4);
}
