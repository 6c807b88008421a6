/** From rows as they were sent to predictions; runs in the worker thread. What is wrong with a row is said with its place. */
import { DataError } from "../../data/error.ts";
import { parseRows } from "../../data/rows.ts";
import { RowError } from "../../model/predict.ts";
import type { Prediction, Predictor, Row } from "../../model/predict.ts";
import { parseJson } from "../json-text.ts";
import { isFields } from "../manifest.ts";
import { pointer, Problem } from "../problem.ts";

const maxRows = 100_000;

export type RowsFormat = "json" | "csv";

/** @throws Problem 400 */
export async function predictRows(predictor: Predictor, format: RowsFormat, body: Uint8Array): Promise<Prediction[]> {
  const rows = format === "json" ? jsonRows(body) : await csvRows(predictor, body);
  if (rows.length > maxRows) throw bad(`${rows.length} rows are more than the ${maxRows} that one call takes.`);
  try {
    return predictor.predict(rows);
  } catch (cause) {
    if (!(cause instanceof RowError)) throw cause;
    throw new Problem({
      status: 400,
      detail: `Row ${cause.row + 1}: ${cause.message}.`,
      errors: [
        {
          pointer: pointer(["rows", cause.row, ...(cause.column === undefined ? [] : [cause.column])]),
          detail: cause.message,
        },
      ],
      cause,
    });
  }
}

function jsonRows(body: Uint8Array): Row[] {
  const value = parseJson(new TextDecoder().decode(body));
  const rows = isFields(value) ? value["rows"] : undefined;
  if (!Array.isArray(rows)) throw bad('The body must be {"rows": [{"column": value, ...}, ...]}.', "/rows");
  const wrong = rows.findIndex((row) => !isFields(row));
  if (wrong >= 0) throw bad(`Row ${wrong + 1} is not an object of columns.`, pointer(["rows", wrong]));
  return rows as Row[];
}

async function csvRows(predictor: Predictor, body: Uint8Array): Promise<Row[]> {
  try {
    return await parseRows([body], { columns: predictor.columns });
  } catch (cause) {
    if (cause instanceof DataError)
      throw new Problem({ status: 400, detail: cause.message, extra: { position: cause.position }, cause });
    throw cause;
  }
}

function bad(detail: string, at?: string): Problem {
  return new Problem({ status: 400, detail, ...(at === undefined ? {} : { errors: [{ pointer: at, detail }] }) });
}
