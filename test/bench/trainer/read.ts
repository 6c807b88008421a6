/** Reads a CSV file as the trainer does, the first reading of this process. Prints CPU and wall seconds. */
import { readTable } from "../../../data/table.ts";
import { dataSources } from "../../../trainer/data-access.ts";

const { file } = JSON.parse(process.argv[2]!) as { readonly file: string };
const open = dataSources({ file }).file;
const began = performance.now();
const before = process.cpuUsage();
const { rows } = await readTable(open?.() ?? [], { target: "y", problemType: "regression" });
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({ cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - began) / 1000, rows }),
);
