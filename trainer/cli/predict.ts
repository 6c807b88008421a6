/**
 * `npm run predict -- model.jsonl rows.csv`: predictions as CSV on stdout, a line per row, with the probability of each
 * class where there are classes.
 */
import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import { DataError } from "../../data/error.ts";
import { readRows, type Row } from "../../data/rows.ts";
import { ModelFormatError } from "../../model/errors.ts";
import { modelLines } from "../../model/lines.ts";
import { type Predictor, readModel } from "../../model/predict.ts";
import { csvLine } from "../../data/csv-line.ts";
import { command, UsageError } from "./ending.ts";

const usage = "Usage: npm run predict -- model.jsonl rows.csv";
/** Rows that are predicted and written at a time. */
const batchRows = 1000;

function readArguments(): { model: string; rows: string } {
  try {
    const [model, rows, ...more] = parseArgs({ options: {}, allowPositionals: true }).positionals;
    if (model === undefined || rows === undefined || more.length > 0) throw new UsageError(usage);
    return { model, rows };
  } catch (error) {
    throw new UsageError(error instanceof UsageError ? usage : `${(error as Error).message}\n${usage}`);
  }
}

await command(async () => {
  const { model, rows } = readArguments();
  const predictor = await readModel(modelLines(createReadStream(model))).catch((cause: unknown) => {
    if (cause instanceof ModelFormatError) throw new DataError(`${model}: ${cause.message}`, {}, { cause });
    throw unreadable(model, cause);
  });
  const { classes } = predictor.header;
  process.stdout.write(csvLine(["prediction", ...(classes ?? []).map((label) => `probability_${label}`)]));
  let batch: Row[] = [];
  const flush = (): void => {
    process.stdout.write(batchText(predictor, batch));
    batch = [];
  };
  const source = createReadStream(rows);
  await readRows(source, { columns: predictor.columns }, (row) => {
    batch.push(row);
    if (batch.length === batchRows) flush();
  }).catch((cause: unknown) => {
    throw cause instanceof DataError ? cause : unreadable(rows, cause);
  });
  flush();
});

function batchText(predictor: Predictor, rows: readonly Row[]): string {
  const { classes } = predictor.header;
  return predictor
    .predict(rows)
    .map((prediction) =>
      "value" in prediction
        ? csvLine([prediction.value])
        : csvLine([prediction.label, ...(classes ?? []).map((label) => prediction.probabilities[label]!)]),
    )
    .join("");
}

function unreadable(file: string, cause: unknown): Error {
  if (!(cause instanceof Error && "code" in cause && typeof cause.code === "string")) return cause as Error;
  return new UsageError(`${file} cannot be read: ${cause.message}`);
}
