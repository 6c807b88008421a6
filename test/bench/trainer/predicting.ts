/** Models as they are used: predictions of many rows, of one row over HTTP, and their size. */
import { createReadStream, statSync } from "node:fs";
import { Agent } from "node:http";
import path from "node:path";
import { createGzip } from "node:zlib";
import { startSystem, submit, taskIn } from "../../scenarios/system.ts";
import { bareServer, call } from "../http-call.ts";
import type { BenchRow } from "../row.ts";
import { type Case, compared, interleaved, quantile, runOurs, type Scene } from "./case.ts";
import { runPython } from "./python.ts";
import { type Problem, problems, tableFile, type TableFile } from "./table-file.ts";

interface Models {
  readonly table: TableFile;
  readonly ours: string;
  readonly theirs: string;
}

/** The same forest by us and by scikit-learn, on 20,000 x 20, with the defaults of all other options. */
function models(directory: string, { problem, trees }: { problem: Problem; trees: number }): Models {
  const table = tableFile(directory, { problem, rows: 20_000, columns: 20 });
  const file = path.join(directory, `${problem}-${trees}`);
  const [ours, theirs] = [`${file}.jsonl`, `${file}.joblib`];
  const task = { ...table, rounds: trees, maxFeatures: problem === "regression" ? "all" : "sqrt" };
  runOurs("fit-forest.ts", { ...task, model: ours });
  runPython("fit.py", { ...task, trainer: "forest", threads: -1, model: theirs, compress: 3 });
  return { table, ours, theirs };
}

const speedCases: readonly Case[] = problems.map((problem) => {
  const name = `prediction of 10,000 rows, ${problem} / scikit-learn`;
  async function measure({ directory, rounds }: Scene): Promise<BenchRow[]> {
    const { table, ours, theirs } = models(directory, { problem, trees: 100 });
    const speed = ({ cpuSeconds }: { cpuSeconds: number }): number => table.heldOut / cpuSeconds;
    const speeds = await interleaved(rounds, {
      ours: () => speed(runOurs("predict.ts", { ...table, model: ours })),
      theirs: () => speed(runPython("predict.py", { ...table, model: theirs })),
    });
    const note = "100 trees; ours takes objects with named values, theirs an array";
    return [{ name, unit: "rows/s", ...compared(speeds.ours, speeds.theirs), goal: 1, better: "more", note }];
  }
  return { name, measure };
});

const sizeCases: readonly Case[] = problems.map((problem) => {
  const name = `size of 500 trees on 20,000 x 20, ${problem}, gzip / scikit-learn's joblib with compress=3`;
  // Not in rounds: sizes do not vary.
  async function measure({ directory }: Scene): Promise<BenchRow[]> {
    const { ours, theirs } = models(directory, { problem, trees: 500 });
    let bytes = 0;
    for await (const chunk of createReadStream(ours).pipe(createGzip())) bytes += (chunk as Buffer).length;
    const plain = (statSync(ours).size / 1e6).toFixed(1);
    const sizes = compared([bytes / 1e6], [statSync(theirs).size / 1e6]);
    return [{ name, unit: "MB", ...sizes, goal: 0.4, note: `${plain} MB before gzip` }];
  }
  return { name, measure };
});

const callName = "POST predict of one row / a bare server";
const callsPerBatch = 500;
const oneRow: Case = {
  name: callName,
  async measure({ rounds }) {
    const system = await startSystem();
    const bare = await bareServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const body = await trainedRow(system);
      const post = (port: number) => () => batch(() => call(agent, port, { ...predictCall, body }));
      const port = Number(new URL(system.url).port);
      await post(port)();
      const times = await interleaved(rounds, { ours: post(port), bare: post(bare.port) });
      return [0.5, 0.99].map((share) => {
        const at = (batches: readonly number[][]): number[] => batches.map((one) => quantile(one, share));
        const note = `a forest of 100 trees on 5,000 x 20, ${callsPerBatch} calls a round, one after the other`;
        return { name: `${callName}, p${share * 100}`, unit: "ms", ...compared(at(times.ours), at(times.bare)), note };
      });
    } finally {
      agent.destroy();
      bare.close();
      await system.stop();
    }
  },
};

const predictCall = { method: "POST", path: "/v1/tasks/friedman/predict" };

/** Trains the forest. @returns a row for it, as the call takes it */
async function trainedRow(system: { readonly url: string }): Promise<string> {
  const synthetic = { kind: "friedman1", rows: 5000, columns: 20, noise: "1" };
  await submit(system, {
    metadata: { name: "friedman" },
    spec: { trainer: { randomForest: {} }, dataset: { synthetic } },
  });
  await taskIn(system, "friedman", { states: ["Succeeded"], withinMs: 300_000 });
  return JSON.stringify({ rows: [Object.fromEntries(Array.from({ length: 20 }, (_, c) => [`x${c + 1}`, 0.5]))] });
}

/** Milliseconds of each call. */
async function batch(work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < callsPerBatch; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

export const modelCases: readonly Case[] = [...speedCases, oneRow, ...sizeCases];
