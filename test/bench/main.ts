/**
 * Measures, as ratios against a reference in the same run: absolute times say more about the machine than about us.
 * `npm run bench` prints all tables, `npm run bench -- forest` those whose name contains the word. docs/benchmarks.md
 * holds a recorded run.
 */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import type { BenchRow } from "./row.ts";

const benches: Record<string, () => Promise<{ run: () => Promise<BenchRow[]> }>> = {
  "kube client": () => import("./kube-client.ts"),
  "HTTP API": () => import("./api.ts"),
  "operator's cache": () => import("./operator-cache.ts"),
  "hostile clients": () => import("./hostile.ts"),
  "start, stop and memory": () => import("./start.ts"),
  forest: () => import("./forest.ts"),
  "cluster of pretended nodes": () => import("./cluster.ts"),
};

/** Those that need a cluster of their own, which `npm run cluster -- up` starts, are run when they are named. */
const onRequest: readonly string[] = ["cluster of pretended nodes"];

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);

function table(rows: readonly BenchRow[]): string {
  const lines = rows.map(({ name, ours, reference, unit, ratio, goal, note }) =>
    [
      name,
      `${number(ours)} ${unit}`,
      `${number(reference)} ${unit}`,
      number(ratio),
      goal === undefined ? "" : `<= ${goal}`,
      note ?? "",
    ].join(" | "),
  );
  return ["what | ours | reference | ratio | goal | note", "--- | --- | --- | --- | --- | ---", ...lines]
    .map((line) => `| ${line} |`)
    .join("\n");
}

const wanted = process.argv[2] ?? "";
console.log(
  `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `Node.js ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}\n`,
);
for (const [name, load] of Object.entries(benches)) {
  if (!name.includes(wanted) || (wanted === "" && onRequest.includes(name))) continue;
  const { run } = await load();
  console.log(`## ${name}\n\n${table(await run())}\n`);
}
