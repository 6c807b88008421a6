/**
 * What a call costs beside one of a bare `node:http` server that reads the same body, parses it and answers JSON, over
 * the same kept-alive connection, batch by batch in turn. A submit ends when the task is durable in SQLite; the
 * reference keeps nothing.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { startApi } from "../../api/server.ts";
import { apiSettings } from "../../api/settings.ts";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { restClient } from "../../kube/rest-client.ts";
import { createApiServer } from "../../local/apiserver/server.ts";
import { bareServer, call } from "./http-call.ts";
import type { BenchRow } from "./row.ts";

const batches = 10;
const perBatch = 100;
const crds = path.resolve(import.meta.dirname, "../../deploy/helm/traintask/crds");
const body = JSON.stringify({
  spec: { trainer: { randomForest: {} }, dataset: { synthetic: {}, problemType: "classification" } },
});

export async function run(): Promise<BenchRow[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "traintask-bench-"));
  const apiServer = createApiServer({
    databasePath: path.join(dataDir, "cluster.db"),
    clock: systemClock,
    log: silentLog,
    crds: ["traintasks.yaml", "trainqueues.yaml"].map((file) => readFileSync(path.join(crds, file), "utf8")),
  });
  const client = restClient({ send: (request) => apiServer.handle(request), close: () => Promise.resolve() });
  const settings = apiSettings({ access: "local", port: 0, dataDir });
  const signal = new AbortController().signal;
  const api = await startApi({ client, clock: systemClock, log: silentLog, settings, signal });
  const bare = await bareServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const submit = (port: number) => () => call(agent, port, { method: "POST", path: "/v1/tasks", body });
  const count = (port: number) => () => call(agent, port, { method: "GET", path: "/RunningTaskCount" });
  try {
    const submits = await compare(submit(api.port), submit(bare.port));
    // By now there are as many tasks as were submitted: the count is over all of them.
    const counts = await compare(count(api.port), count(bare.port));
    const tasks = (batches + 1) * perBatch;
    return [
      row("submit a task (durable 201)", submits, "one after the other; the reference stores nothing"),
      row(`count the running tasks of ${tasks}`, counts, "one after the other"),
    ];
  } finally {
    agent.destroy();
    bare.close();
    await api.close();
    apiServer.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Comparison {
  /** Milliseconds a call, the median of the batches. */
  readonly ours: number;
  readonly reference: number;
}

async function compare(ours: () => Promise<void>, reference: () => Promise<void>): Promise<Comparison> {
  const times: { ours: number[]; reference: number[] } = { ours: [], reference: [] };
  await batch(ours);
  await batch(reference);
  for (let i = 0; i < batches; i++) {
    times.ours.push(await batch(ours));
    times.reference.push(await batch(reference));
  }
  return { ours: median(times.ours), reference: median(times.reference) };
}

async function batch(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < perBatch; i++) await work();
  return (performance.now() - began) / perBatch;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function row(name: string, { ours, reference }: Comparison, note: string): BenchRow {
  return { name, ours, reference, unit: "ms", ratio: ours / reference, note };
}
