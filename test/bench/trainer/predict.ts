/** Predicts held-out rows with a model of ours, once to warm up and once for the clock. Prints the CPU seconds. */
import { createReadStream } from "node:fs";
import { modelLines } from "../../../model/lines.ts";
import { readModel } from "../../../model/predict.ts";
import { readTableFile, type TableFile } from "./table-file.ts";

const task = JSON.parse(process.argv[2]!) as TableFile & { readonly model: string };
const { rows } = readTableFile(task);
const predictor = await readModel(modelLines(createReadStream(task.model)));
predictor.predict(rows);
const before = process.cpuUsage();
predictor.predict(rows);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6 }));
