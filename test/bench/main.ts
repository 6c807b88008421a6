/**
 * Measures, as ratios against a reference in the same run: absolute times say more about the machine than about us.
 * `npm run bench` prints all tables but the longest, `npm run bench -- kube` those whose name contains the word. docs/benchmarks.md
 * holds a recorded run. The trainer's rows can be chosen by further words, and their rounds:
 * `npm run bench -- trainer boosting 20,000 --rounds 1`. So can those of the search, whose reference `--record` records anew.
 */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { parseArgs } from "node:util";
import type { Asked, BenchRow } from "./row.ts";

type Rows = AsyncIterable<BenchRow> | Promise<BenchRow[]>;

const benches: Record<string, () => Promise<{ run: (asked: Asked) => Rows }>> = {
  "kube client": () => import("./kube-client.ts"),
  "HTTP API": () => import("./api.ts"),
  "operator's cache": () => import("./operator-cache.ts"),
  "hostile clients": () => import("./hostile.ts"),
  "start, stop and memory": () => import("./start.ts"),
  trainer: () => import("./trainer/table.ts"),
  search: () => import("./search/table.ts"),
  "cluster of pretended nodes": () => import("./cluster.ts"),
};

/** Run only when they are named: one needs a cluster, which `npm run cluster -- up` starts; the others take long. */
const onRequest: readonly string[] = ["cluster of pretended nodes", "trainer", "search"];

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);

const heading = "| what | ours | reference | ratio | goal | note |\n| --- | --- | --- | --- | --- | --- |";

function lineOf({ name, ours, reference, unit, ratio, range, goal, better, note }: BenchRow): string {
  const cells = [
    name,
    `${number(ours)} ${unit}`,
    `${number(reference)} ${unit}`,
    range === undefined ? number(ratio) : `${number(ratio)} (${range.map(number).join(" to ")})`,
    goal === undefined ? "" : `${better === "more" ? ">=" : "<="} ${goal}`,
    note ?? "",
  ];
  return `| ${cells.join(" | ")} |`;
}

function readArguments(): { bench: string; asked: Asked } {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: "string" }, record: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [bench = "", ...words] = positionals;
  if (values.record && bench !== "search") throw new Error("only the search has something to record");
  if (values.rounds === undefined) return { bench, asked: { words, record: values.record } };
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number, not ${values.rounds}`);
  return { bench, asked: { words, rounds } };
}

const { bench, asked } = readArguments();
if (
  (asked.words.length > 0 && !["trainer", "search"].includes(bench)) ||
  (asked.rounds !== undefined && bench !== "trainer")
)
  throw new Error("only the trainer's rows and rounds can be chosen: npm run bench -- trainer boosting --rounds 1");
console.log(
  `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `Node.js ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}\n`,
);
for (const [name, load] of Object.entries(benches)) {
  if (!name.includes(bench) || (bench === "" && onRequest.includes(name))) continue;
  const { run } = await load();
  console.log(`## ${name}\n\n${heading}`);
  for await (const row of await run(asked)) console.log(lineOf(row));
  console.log("");
}
