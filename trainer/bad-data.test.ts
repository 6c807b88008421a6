/** Data and data options that cannot be trained on: each ends with exit code 64 or 65 and says where the trouble is. */
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { exitCode } from "../traintask/contract.ts";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { outcomeOf } from "./failure.ts";
import { trainingRequest } from "./request.ts";
import { training } from "./training.ts";

interface Case {
  readonly csv?: string | Uint8Array;
  /** Of spec.dataset; `target` is `y` unless it says otherwise. */
  readonly dataset?: object;
  /** Found in the message, all of them. */
  readonly says: readonly string[];
  readonly exit?: number;
}

const wide = (row: number, cells: string): string => `x,y\n${"1,2\n3,4\n".repeat(row)}${cells}\n`;
const weighted = (weight: string): string => `x,w,y\n1,1,5\n2,${weight},6\n`;
const byWeight = { weight: "w" };
const typed = (name: string, type: string): object => ({ columns: [{ name, type }] });
const configuration = exitCode.badConfiguration;

const shape: Record<string, Case> = {
  "no bytes": { csv: "", says: ["The data is empty"] },
  "line ends only": { csv: "\r\n\n\r", says: ["The data is empty"] },
  "a header and no rows": { csv: "x,y\n", says: ["no rows"] },
  "a row that is too short": { csv: wide(3, "5"), says: ["row 7 (line 8)", "1 cells", "2 columns"] },
  "a row that is too long": { csv: wide(3, "5,6,7"), says: ["row 7 (line 8)", "3 cells"] },
  "a last row that is cut off": { csv: "x,y\n1,2\n3", says: ["row 2 (line 3)", "1 cells"] },
  "a row of separators only": { csv: "x,y\n1,2\n,,\n", says: ["row 2 (line 3)", "3 cells"] },
  "a quote that is never closed": { csv: 'x,y\n1,2\n"3,4\n5,6\n', says: ["row 2 (line 3)", "never closed"] },
  "a header whose quote is never closed": { csv: '"x,y\n1,2\n', says: ["line 1", "never closed"] },
  "a quote in the middle of a cell": { csv: 'x,y\n1,2\n3"4,5\n', says: ["row 2 (line 3)", "middle of a cell"] },
  "text behind a closing quote": { csv: 'x,y\n"1"2,3\n', says: ["row 1 (line 2)", "Text follows"] },
  "a column without a name": { csv: "x,,y\n1,2,3\n", says: ["no column 2"] },
  "a column named twice": { csv: "x,y,x\n1,2,3\n", says: ['column "x"', "twice"] },
  "10,001 columns": {
    csv: `${Array.from({ length: 10_001 }, (_, i) => `c${i}`).join(",")}\n`,
    says: ["10001 columns", "at most 10000"],
  },
  "a cell of 65,537 characters": {
    csv: `x,y\n1,2\n${"a".repeat(65_537)},3\n`,
    says: ["row 2 (line 3)", 'column "x"', "65537 characters", "at most 65536"],
  },
  "a row of 9 MB": { csv: `x,y\n1,"${"a".repeat(9 << 20)}"\n`, says: ["row 1 (line 2)", "more than 8388608 bytes"] },
  "Latin-1": { csv: Buffer.from("x,y\n1,2\né,3\n", "latin1"), says: ["row 2", "not UTF-8"] },
  "UTF-16": { csv: Buffer.from("\ufeffx,y\n1,2\n", "utf16le"), says: ["line 1", "not UTF-8"] },
  "a character that is cut off at the end": {
    csv: Buffer.from("x,y\n1,2\n3,é").subarray(0, -1),
    says: ["row 2", "UTF-8"],
  },
};

const values: Record<string, Case> = {
  "a text in a number column behind the first 10,000 rows": {
    csv: `x,y\n${"1,1\n2,2\n".repeat(5000)}a,3\n`,
    says: ["row 10001 (line 10002)", 'column "x"', '"a" is not a number', "type category"],
  },
  "a text in a column declared as numbers": {
    csv: "x,y\n1,1\nmany,2\n",
    dataset: typed("x", "number"),
    says: ["row 2 (line 3)", 'column "x"', '"many" is not a number'],
  },
  "a hexadecimal number": {
    csv: "x,y\n1,1\n0x10,2\n",
    dataset: typed("x", "number"),
    says: ["row 2 (line 3)", 'column "x"', '"0x10" is not a number'],
  },
  "a decimal comma that nobody has announced": {
    csv: 'x,y\n1,1\n"2,5",2\n',
    dataset: typed("x", "number"),
    says: ["row 2 (line 3)", 'column "x"', 'dataset.format.decimal: ","'],
  },
  "a decimal point where commas are announced": {
    csv: "x;y\n1,5;1\n2.5;2\n",
    dataset: { ...typed("x", "number"), format: { separator: ";", decimal: "," } },
    says: ["row 2 (line 3)", 'column "x"', 'dataset.format.decimal: "."'],
  },
  "infinity in words": { csv: "x,y\n1,1\n-Infinity,2\n", says: ["row 2 (line 3)", 'column "x"', "infinite"] },
  "a number beyond all doubles": { csv: "x,y\n1e999,1\n2,2\n", says: ["row 1 (line 2)", 'column "x"', "infinite"] },
  "ISO dates": {
    csv: "day,x,y\n2026-01-31,1,1\n2026-02-01,2,2\n",
    says: ['column "day"', "dates", "year, month, day", "type ignore"],
  },
  timestamps: {
    csv: "at,x,y\n2026-01-31T10:00:00Z,1,1\n2026-02-01 11:30:05.5+01:00,2,2\n,3,3\n",
    says: ['column "at"', "dates"],
  },
  "days and months with slashes": { csv: "day,x,y\n31/1/26,1,1\n1/2/2026,2,2\n", says: ['column "day"', "dates"] },
  "days and months with points": { csv: "day,x,y\n31.01.2026,1,1\n01.02.2026,2,2\n", says: ['column "day"', "dates"] },
  "a date to predict": { csv: "x,y\n1,2026-01-31\n2,2026-02-01\n", says: ['column "y"', "dates"] },
};

const targets: Record<string, Case> = {
  "a target that is not there": { csv: "x,z\n1,2\n", says: ["Target", '"y"', '"x", "z"'] },
  "no target at all": {
    csv: "x,y\n1,2\n",
    dataset: { target: undefined },
    exit: configuration,
    says: ["spec.dataset.target"],
  },
  "a table whose separator is another": {
    csv: "x;y\n1;2\n",
    says: ['"y"', 'Is ";" the separator?', "dataset.format.separator"],
  },
  "a target without a value": { csv: "x,y\n1,2\n2,\n", says: ["row 2 (line 3)", 'column "y"', "no value"] },
  "a target of one class": { csv: "x,y\n1,a\n2,a\n", says: ['column "y"', 'the class "a"'] },
  "a target of one value": { csv: "x,y\n1,3\n2,3\n", says: ['column "y"', "the value 3"] },
  "a target of texts that should be numbers": {
    csv: "x,y\n1,1\n2,b\n",
    dataset: { problemType: "regression" },
    says: ["row 2 (line 3)", 'column "y"', '"b" is not a number', "classification"],
  },
  "a target too far from 0": { csv: "x,y\n1,1\n2,1e200\n", says: ["row 2 (line 3)", 'column "y"', "1e150"] },
  "a target of more than 1,000 classes": {
    csv: `x,y\n${Array.from({ length: 1001 }, (_, i) => `${i},c${i}`).join("\n")}\n`,
    says: ["row 1001 (line 1002)", 'column "y"', "more than 1000 classes"],
  },
  "a target that is ignored": {
    csv: "x,y\n1,2\n",
    dataset: typed("y", "ignore"),
    says: ['column "y"', "ignores the target"],
  },
  "a declared column that is not there": {
    csv: "x,y\n1,2\n",
    dataset: typed("z", "number"),
    says: ["dataset.columns", '"z"'],
  },
  "nothing to learn from": { csv: "y\n1\n2\n", says: ["No column is left"] },
  "ids only": { csv: "id,y\na,1\nb,2\n", says: ["No column is left", '"id"', "type category"] },
  "columns without any value": { csv: "x,y\nNA,1\n,2\n", says: ["No column is left", '"x"', "no value"] },
};

const weights: Record<string, Case> = {
  "a weight column that is not there": { csv: "x,y\n1,2\n", dataset: byWeight, says: ["dataset.weight", '"w"'] },
  "a missing weight": { csv: weighted(""), dataset: byWeight, says: ["row 2 (line 3)", 'column "w"', "no weight"] },
  "a negative weight": {
    csv: weighted("-1"),
    dataset: byWeight,
    says: ["row 2 (line 3)", 'column "w"', '"-1"', "negative"],
  },
  "an infinite weight": { csv: weighted("inf"), dataset: byWeight, says: ["row 2 (line 3)", 'column "w"', "infinite"] },
  "a weight in words": {
    csv: weighted("much"),
    dataset: byWeight,
    says: ["row 2 (line 3)", 'column "w"', "at least 0"],
  },
  "a weight beyond all sums": {
    csv: weighted("1e200"),
    dataset: byWeight,
    says: ["row 2 (line 3)", 'column "w"', "1e150"],
  },
  "weights that are all 0": {
    csv: "x,w,y\n1,0,5\n2,0,6\n",
    dataset: byWeight,
    says: ['column "w"', "Every weight is 0"],
  },
  "the target for a weight": {
    csv: "x,y\n1,2\n",
    dataset: { weight: "y" },
    exit: configuration,
    says: ["spec.dataset.weight", '"y"'],
  },
  "a weight declared as a category": {
    csv: weighted("2"),
    dataset: { ...byWeight, ...typed("w", "category") },
    says: ['column "w"', "dataset.weight", "category"],
  },
  "a weight that is ignored": {
    csv: weighted("2"),
    dataset: { ...byWeight, ...typed("w", "ignore") },
    says: ['column "w"', "dataset.weight", "ignore"],
  },
  "nothing to learn from but the weight": { csv: "w,y\n1,1\n2,2\n", dataset: byWeight, says: ["No column is left"] },
};

const uploaded = { csv: undefined, uri: `traintask://datasets/sha256:${"a".repeat(64)}` };
const sources: Record<string, Case> = {
  "gzip that is cut off": { csv: gzipSync("x,y\n1,2\n").subarray(0, 20), says: ["gzip", "ends in the middle"] },
  "gzip that is damaged": { csv: gzipSync("x,y\n1,2\n").fill(0xff, 12, 18), says: ["gzip", "is damaged"] },
  "zstd that is cut off": { csv: zstdCompressSync("x,y\n1,2\n").subarray(0, -3), says: ["zstd", "ends in the middle"] },
  "a ragged row behind gzip": { csv: gzipSync("x,y\n1\n"), says: ["row 1 (line 2)", "1 cells"] },
  "an Excel file": { csv: Buffer.from("PK\u0003\u0004..."), says: ["ZIP", "Excel", "send CSV"] },
  "two sources": {
    dataset: { csv: "x,y\n1,2\n", synthetic: {} },
    exit: configuration,
    says: ["spec.dataset", "2 are there"],
  },
  "no source": { dataset: { uri: undefined }, exit: configuration, says: ["spec.dataset", "0 are there"] },
  "an address that is not https": {
    dataset: { uri: "ftp://x/y.csv" },
    exit: configuration,
    says: ["spec.dataset.uri", "ftp://x/y.csv"],
  },
  "an address of this machine": {
    dataset: { uri: "https://127.0.0.1/" },
    exit: configuration,
    says: ["spec.dataset.uri", "127.0.0.1"],
  },
  "a comma for two purposes": {
    csv: "x,y\n1,2\n",
    dataset: { format: { decimal: "," } },
    exit: configuration,
    says: ["spec.dataset.format"],
  },
};

describe.each(Object.entries({ shape, values, targets, weights, sources }))("%s", (_, cases) => {
  test.each(Object.entries(cases))("%s", async (__, { csv, dataset, says, exit = exitCode.badData }) => {
    const config = podConfigSchema.parse({
      trainer: { randomForest: { nEstimators: 1 } },
      dataset: { ...(csv === undefined ? {} : uploaded), target: "y", ...dataset },
      seed: 0,
      maxModelBytes: 1 << 20,
    });
    const train = async (): Promise<string> => {
      await using grower = training(trainingRequest(config), { openDataset: () => [csv ?? ""] });
      await grower.prepare();
      return (await grower.grow(0))?.text ?? "no tree";
    };
    const outcome = await train().then(
      (tree) => ({ exitCode: 0, failure: { message: `it grew ${tree}` } }),
      (error: unknown) => outcomeOf(error),
    );
    expect(outcome.exitCode, outcome.failure?.message).toBe(exit);
    expect(
      says.filter((part) => !outcome.failure?.message.includes(part)),
      outcome.failure?.message,
    ).toEqual([]);
  });
});
