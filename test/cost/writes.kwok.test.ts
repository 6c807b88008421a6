/**
 * What a plain task costs the API server, by its own book: 500 forests, none of which waits, whose pods are ready at once.
 * The operator makes three writes for each and reads nothing; when all is done, it renews its lease and its watches.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { jobs, type Job, type KubeObject } from "../../kube/objects.ts";
import { startReflector } from "../../kube/reflector.ts";
import { group, labels, trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { until } from "../cluster/until.ts";
import { auditEnd, auditEntries, type AuditEntry } from "./audit.ts";
import { install, type Installation } from "./installation.ts";
import { playTrainers } from "./played-trainers.ts";

const count = 500;
/** Tasks between their submission and their first ready pod: so few that hardly a pod is late. */
const underWay = 12;
/**
 * A pod that comes 2 s after its Job is worth a write of its own, which says that the task is Starting. Such tasks, which
 * a busy machine has, are left out, and others submitted in their place; the operator may have seen it half a second later.
 */
const plainMs = 1500;
const most = 3 * count;
const book = process.env["TRAINTASK_AUDIT_LOG"] ?? "";

describe(`${count} plain tasks, none waiting`, () => {
  const stop = new AbortController();
  const errors: unknown[] = [];
  /** Milliseconds from the Job's creation to its first ready pod, as a watch sees them. */
  const readyAfter = new Map<string, number>();
  let installed: Installation;
  let played: Promise<unknown>;
  let began: number;
  let cpu: { operator: number; api: number };

  beforeAll(async () => {
    installed = await install({ maxRunning: count });
    played = Promise.all([
      playTrainers(installed, { signal: stop.signal, onError: (error) => errors.push(error) }),
      noteReady(installed, readyAfter, stop.signal),
    ]);
    began = auditEnd(book);
    const before = { operator: installed.operator.cpuMs(), api: installed.api.cpuMs() };
    await submitAll(installed, readyAfter);
    await until("all tasks end", async () => (await states(installed)).every((state) => state === "Succeeded"), {
      timeoutMs: 120_000,
    });
    const spent = (program: "operator" | "api"): number =>
      (installed[program].cpuMs() - before[program]) / readyAfter.size;
    cpu = { operator: spent("operator"), api: spent("api") };
  }, 600_000);
  afterAll(async () => {
    stop.abort();
    await played;
    await installed.close();
  });

  it("cost the operator 3 writes and 0 reads each", () => {
    expect(errors).toEqual([]);
    const entries = calls(installed, "operator", began);
    const costs = Map.groupBy(ofTasks(entries), ({ name }) => taskOf(name));
    const plain = plainOnes(readyAfter);
    const made = plain.map((task) => (costs.get(task) ?? []).map(({ verb, resource }) => `${verb} ${resource}`));
    console.log(`${plain.length} plain tasks, ${(made.flat().length / plain.length).toFixed(2)} writes each`);
    console.log(`of ${readyAfter.size} in all:\n${tableOf(entries, readyAfter.size)}`);
    console.log(`CPU per task: operator ${cpu.operator.toFixed(1)} ms, API ${cpu.api.toFixed(1)} ms`);
    expect(plain.length).toBeGreaterThanOrEqual(count);
    const three = ["create jobs.batch", `patch traintasks/status.${group}`, `patch traintasks/status.${group}`];
    for (const writes of made) expect(writes).toEqual(three);
    expect(reads(entries)).toEqual([]);
  });

  it("are followed by silence: the lease and the watches are renewed, nothing else", async () => {
    // A queue's counts are told every 10 s at most.
    await clock.sleep(15_000);
    const quiet = auditEnd(book);
    await clock.sleep(20_000);
    const after = auditEntries(book, quiet).filter(({ account }) => account.namespace === installed.name);
    const kinds = new Set(after.map(({ account, verb, resource }) => `${account.name} ${verb} ${resource}`));
    const lease = `${installed.name}-operator update leases.coordination.k8s.io`;
    expect([...kinds].filter((kind) => !kind.includes(" watch "))).toEqual([lease]);
  });
});

const calls = ({ name }: Installation, program: "operator" | "api", from: number): AuditEntry[] =>
  auditEntries(book, from).filter(({ account }) => account.namespace === name && account.name === `${name}-${program}`);
const isRead = ({ verb }: AuditEntry): boolean => ["get", "list"].includes(verb);
const isLease = ({ resource }: AuditEntry): boolean => resource.startsWith("leases.");
const reads = (entries: readonly AuditEntry[]): AuditEntry[] =>
  entries.filter((entry) => isRead(entry) && !isLease(entry));
/** Writes for a task, that is not the lease and not the counts of a queue. */
const ofTasks = (entries: readonly AuditEntry[]): AuditEntry[] =>
  entries.filter(
    (entry) =>
      !isRead(entry) && entry.verb !== "watch" && !isLease(entry) && !entry.resource.startsWith("trainqueues/"),
  );
/** From its own name or that of its Job. */
const taskOf = (name: string): string => /^task-\d+/.exec(name)?.[0] ?? name;

function tableOf(entries: readonly AuditEntry[], tasks: number): string {
  const kinds = Map.groupBy(entries, ({ verb, resource }) => `${verb} ${resource}`);
  const line = ([kind, all]: [string, AuditEntry[]]): string => `  ${(all.length / tasks).toFixed(2)} ${kind}`;
  return [...kinds].map(line).join("\n");
}

const plainOnes = (readyAfter: ReadonlyMap<string, number>): string[] =>
  [...readyAfter].filter(([, ms]) => ms <= plainMs).map(([task]) => task);

/** As many at a time as keep every pod quick, whatever else the machine does. */
async function submitAll(installed: Installation, readyAfter: ReadonlyMap<string, number>): Promise<void> {
  const { name, namespace } = installed;
  for (let index = 0; index < most && plainOnes(readyAfter).length < count; index += 1) {
    await until("pods are ready", () => index - readyAfter.size < underWay, { timeoutMs: 60_000 });
    const spec = {
      queue: name,
      trainer: { randomForest: { nEstimators: 1 } },
      dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
    };
    const body = JSON.stringify({ metadata: { name: `task-${index}` }, spec });
    const headers = { "content-type": "application/json" };
    const { status, text } = await installed.call({
      method: "POST",
      path: `/v1/tasks?namespace=${namespace}`,
      body,
      headers,
    });
    if (status !== 201) throw new Error(`${status} ${text}`);
  }
}

function noteReady(
  { namespace, client }: Installation,
  readyAfter: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map<string, number>();
  const options = { client, clock, log: silentLog, signal, namespace, labelSelector: labels.taskUid };
  const watched = startReflector({ ...options, resource: jobs, project: (job: Job) => job });
  watched.store.subscribe(({ object: { metadata, status } }) => {
    const task = metadata?.labels?.[labels.task] ?? "";
    const since = seen.get(task) ?? clock.monotonic();
    seen.set(task, since);
    if ((status?.ready ?? 0) > 0 && !readyAfter.has(task)) readyAfter.set(task, clock.monotonic() - since);
  });
  return watched.stopped;
}

async function states({ namespace, client }: Installation): Promise<(string | undefined)[]> {
  const { items } = await client.list<KubeObject>(trainTasks, { namespace });
  return items.map((item) => parseTrainTask(item).status.state);
}
