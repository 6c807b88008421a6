/** Uploads that are no table. */
import { gzipSync } from "node:zlib";
import type { BadInput } from "./bad-input.ts";

const csv = { "content-type": "text/csv" };
const put = { what: "PUT /v1/datasets", headers: csv };

export const tables: Record<string, BadInput> = {
  "an empty table": { ...put, body: "", status: 422, names: "empty" },
  "a header without rows": { ...put, body: "a,b\n", status: 422, names: "no rows" },
  "a ragged row": { ...put, body: "a,b\n1,2\n3\n", status: 422, names: "row 2" },
  "a quote that is not closed": { ...put, body: 'a,b\n1,"2\n', status: 422, names: "never closed" },
  "two columns of one name": { ...put, body: "a,a\n1,2\n", status: 422, names: "twice" },
  "100,000 columns": {
    ...put,
    body: `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",")}\n`,
    status: 422,
    names: "columns",
  },
  "a cell of 5 MB": { ...put, body: `a,b\n1,${"x".repeat(5_000_000)}\n`, status: 422, names: "row 1" },
  "a table that is not UTF-8": { ...put, body: new Uint8Array([0x61, 0x0a, 0xff, 0x0a]), status: 422, names: "UTF-8" },
  "a table whose gzip is cut off": { ...put, body: gzipSync("a,b\n1,2\n").subarray(0, 20), status: 422, names: "gzip" },
  "a ZIP archive": { ...put, body: new Uint8Array([0x50, 0x4b, 3, 4, 0]), status: 422, names: "ZIP" },
  "a separator that is none": {
    ...put,
    what: "PUT /v1/datasets?separator=x",
    body: "a\n",
    status: 400,
    names: "separator",
  },
  "a table as JSON": {
    what: "PUT /v1/datasets",
    headers: { "content-type": "application/json" },
    body: "{}",
    status: 415,
    names: "text/csv",
  },
};
