/** One cold fit of ours, for forest.ts: reads a table, prints the CPU seconds of the fit and the out-of-bag score. */
import { readFileSync } from "node:fs";
import { writeLine } from "../../model/write.ts";
import { randomForestSchema } from "../../traintask/trainers.ts";
import { type ForestTarget, prepareForest } from "../../trainer/forest/forest.ts";

const [file, ...numbers] = process.argv.slice(2);
const [rows, columns, trees] = [numbers[0], numbers[1], numbers[4]].map(Number) as [number, number, number];
const [problem, maxFeatures] = [numbers[2]!, numbers[3]!];
const table = new Float64Array(readFileSync(file!).buffer);
const column = (c: number): Float64Array => table.subarray(c * rows, (c + 1) * rows);

const target: ForestTarget =
  problem === "regression"
    ? { problemType: "regression", values: column(columns) }
    : { problemType: "classification", classes: ["0", "1"], codes: Uint8Array.from(column(columns)) };

const before = process.cpuUsage();
const forest = prepareForest({
  columns: Array.from({ length: columns }, (_, c) => ({ name: `x${c}`, type: "number", values: column(c) })),
  target,
  rows: Uint32Array.from({ length: rows }, (_, i) => i),
  options: randomForestSchema.parse({ nEstimators: trees, maxFeatures }),
  seed: 0,
});
const lines = Array.from({ length: trees }, (_, tree) => writeLine(forest.growTree(tree)));
const { user, system } = process.cpuUsage(before);

for (const line of lines) forest.addOutOfBag(JSON.parse(line));
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, score: forest.outOfBag()?.score }));
