/** The trials of a search as a table: a line each, in the order in which they ended. */
import { csvLine } from "../data/csv-line.ts";
import type { Trial } from "../traintask/trials.ts";

type Cell = (trial: Trial) => string | number | undefined;

const columns: Readonly<Record<string, Cell>> = {
  trial: ({ trial }) => trial,
  generation: ({ generation }) => generation,
  pipeline: ({ pipeline }) => pipeline,
  origin: ({ origin }) => origin,
  parents: ({ parents }) => parents.join(" "),
  size: ({ size }) => size,
  score: ({ score }) => score,
  seconds: ({ seconds }) => seconds,
  error: ({ error }) => error && `${error.cause}: ${error.message}`,
};

/** @param lines of JSON, each a trial */
export async function* trialsCsv(lines: AsyncIterable<string>): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns));
  for await (const line of lines) {
    const trial = JSON.parse(line) as Trial;
    yield csvLine(Object.values(columns).map((cell) => cell(trial) ?? ""));
  }
}
