/** A report as text for a terminal. */
import { curveText } from "../curve.ts";
import type { Report } from "../report.ts";
import type { Scores } from "../scores.ts";

/** A confusion matrix of more classes than this is for the report's JSON, not for a terminal. */
const maxShownClasses = 10;
const maxShownColumns = 10;

export function reportText(report: Report): string {
  const { classes, importances, rows, warnings } = report;
  const curve = curveText(report.curve);
  return [
    `${report.problemType} of ${report.target}: ${grownText(report)} from ${rows.train} rows, ${rows.test} held out`,
    ...(report.heldOut === undefined ? [] : section("held-out rows", report.heldOut, classes)),
    ...(report.outOfBag === undefined ? [] : section("out-of-bag", report.outOfBag, classes)),
    ...(curve === "" ? [] : ["", `learning curve  ${curve}`]),
    "",
    "importance",
    ...importances.slice(0, maxShownColumns).map(({ column, importance }) => `  ${importance.toFixed(3)}  ${column}`),
    ...permutationText(report.permutationImportances),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map((warning) => `warning: ${warning}`)]),
  ].join("\n");
}

function grownText({ trees, iterations }: Report): string {
  if (iterations === undefined) return `${trees?.grown ?? 0} trees`;
  const { grown, asked, best = 0 } = iterations;
  const ended = grown < asked ? ` of ${asked}` : "";
  return `${grown}${ended} iterations (${best + 1} used)`;
}

function permutationText(found: Report["permutationImportances"]): string[] {
  if (found === undefined) return [];
  if ("leftOut" in found) return ["", `no permutation importances: ${found.leftOut}`];
  const { metric, rows, of, columns } = found;
  const sample = rows < of ? `${rows} of ${of} held-out rows` : `${rows} held-out rows`;
  return [
    "",
    `fall of ${metric} when a column is shuffled (${sample})`,
    ...columns
      .slice(0, maxShownColumns)
      .map(({ column, mean, deviation }) => `  ${mean.toFixed(3)} ± ${deviation.toFixed(3)}  ${column}`),
  ];
}

export function section(title: string, scores: Scores, classes: readonly string[] = []): string[] {
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
