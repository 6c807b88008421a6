/** The report of a search as text for a terminal. */
import { curveText } from "../curve.ts";
import type { SearchReport } from "../search/search-report.ts";
import { failedText } from "../search/tally.ts";
import { section } from "./report-text.ts";

export function searchReportText({ search, heldOut, classes, rows, ...report }: SearchReport): string {
  const { evaluations, failed, cv, front, pipeline } = search;
  const lost = failedText(failed);
  const curve = curveText(report.curve);
  return [
    `${report.problemType} of ${report.target}: ${evaluations.done} of ${evaluations.asked} evaluations on ${rows.train} rows, ${rows.test} held out` +
      (lost === "" ? "" : `; failed: ${lost}`),
    "",
    `best pipeline  ${pipeline}`,
    `  ${cv.scoring} ${cv.score.toPrecision(4)}, by fold: ${cv.scores.map((score) => score.toPrecision(4)).join("  ")}`,
    ...(heldOut === undefined ? [] : section("held-out rows", heldOut, classes)),
    ...(curve === "" ? [] : ["", `best score by generation  ${curve}`]),
    "",
    "best of each size",
    ...front.map(({ pipeline: text, score, size }) => `  ${size}  ${score.toPrecision(4)}  ${text}`),
    ...(report.warnings.length === 0 ? [] : ["", ...report.warnings.map((warning) => `warning: ${warning}`)]),
  ].join("\n");
}
