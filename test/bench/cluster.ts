/**
 * What TrainTask adds to bare Jobs on pretended nodes, where containers cost nothing: the time in which 500 end that were
 * submitted at once, and the CPU time of operator and API for each, beside what the Job controller itself takes for one.
 *
 *     npm run cluster -- up --control-plane && npm run cluster -- exec npm run bench -- cluster
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock as clock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { jobs, type Job, type KubeObject, type Resource } from "../../kube/objects.ts";
import { startReflector } from "../../kube/reflector.ts";
import { apiVersion, trainTasks } from "../../traintask/names.ts";
import { parseTrainTask } from "../../traintask/parse.ts";
import { jobFacts, terminalCondition } from "../../traintask/state.ts";
import { layout } from "../cluster/layout.ts";
import { until } from "../cluster/until.ts";
import { install, type Installation } from "../cost/installation.ts";
import { playTrainers } from "../cost/played-trainers.ts";
import { cpuMsOf } from "../cost/program.ts";
import type { BenchRow } from "./row.ts";

const count = 500;
const rounds = 3;
/** Requests under way at a time. */
const submitters = 16;

interface Round {
  readonly seconds: number;
  /** Milliseconds for each task or Job. */
  readonly cpuMs: { readonly operator: number; readonly api: number; readonly controllers: number };
}

export async function run(): Promise<BenchRow[]> {
  const installed = await install({ maxRunning: count });
  const stop = new AbortController();
  const played = playTrainers(installed, { signal: stop.signal, onError: (error) => console.error(error) });
  const [tasks, bare, forests]: [Round[], Round[], Round[]] = [[], [], []];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      tasks.push(await measure(installed, containers(installed, round)));
      bare.push(await measure(installed, bareJobs(installed, round)));
      forests.push(await measure(installed, trainedForests(installed, round)));
    }
  } finally {
    stop.abort();
    await played;
    await installed.close();
  }
  const [ours, reference] = [median(tasks.map(({ seconds }) => seconds)), median(bare.map(({ seconds }) => seconds))];
  const controllers = median(bare.map(({ cpuMs }) => cpuMs.controllers));
  const cpu = (name: string, of: readonly Round[], program: "operator" | "api"): BenchRow => {
    const mine = median(of.map(({ cpuMs }) => cpuMs[program]));
    const note = "reference: the controller manager for a bare Job";
    return { name, ours: mine, reference: controllers, unit: "ms CPU", ratio: mine / controllers, note };
  };
  return [
    {
      name: `${count} TrainTasks / ${count} bare Jobs, all at once`,
      ours,
      reference,
      unit: "s",
      ratio: ours / reference,
      goal: 1.05,
      note: `containers of a second on pretended nodes; medians of ${rounds} rounds, interleaved`,
    },
    cpu("operator, for a container", tasks, "operator"),
    cpu("operator, for a forest", forests, "operator"),
    cpu("API, for a container", tasks, "api"),
    cpu("API, for a forest, submitted over HTTP, its model, report and log uploaded", forests, "api"),
  ];
}

interface Load {
  readonly resource: Resource;
  readonly submit: (index: number) => Promise<unknown>;
  readonly hasEnded: (object: KubeObject) => boolean;
  /** Begins the names of this round's objects. */
  readonly prefix: string;
}

/** From the first submission to the last end, as a watch sees it. */
async function measure({ namespace, client, ...programs }: Installation, load: Load): Promise<Round> {
  const ended = new Set<string>();
  const watching = new AbortController();
  const { resource, hasEnded, prefix } = load;
  const options = { client, clock, log: silentLog, signal: watching.signal, namespace, resource };
  const cache = startReflector({ ...options, project: (object: KubeObject) => object });
  cache.store.subscribe(({ object }) => {
    const name = object.metadata?.name ?? "";
    if (name.startsWith(prefix) && hasEnded(object)) ended.add(name);
  });
  await cache.synced;
  const cpu = (): Round["cpuMs"] => ({
    operator: programs.operator.cpuMs(),
    api: programs.api.cpuMs(),
    controllers: cpuMsOf(controllerManager()),
  });
  const [began, before] = [performance.now(), cpu()];
  let next = 0;
  const submitMore = async (): Promise<void> => {
    while (next < count) await load.submit((next += 1));
  };
  await Promise.all(Array.from({ length: submitters }, submitMore));
  await until(`all ${prefix} end`, () => ended.size === count, { timeoutMs: 600_000 });
  const [seconds, after] = [(performance.now() - began) / 1000, cpu()];
  watching.abort();
  await cache.stopped;
  const each = (part: keyof Round["cpuMs"]): number => (after[part] - before[part]) / count;
  return { seconds, cpuMs: { operator: each("operator"), api: each("api"), controllers: each("controllers") } };
}

const taskHasEnded = (object: KubeObject): boolean => terminalCondition(parseTrainTask(object)) !== undefined;

function containers({ client, name: queue, namespace }: Installation, round: number): Load {
  const prefix = `container-${round}-`;
  const spec = { queue, trainer: { container: { image: "pretended" } } };
  const submit = (index: number): Promise<unknown> =>
    client.create(trainTasks, {
      apiVersion,
      kind: trainTasks.kind,
      metadata: { namespace, name: prefix + index },
      spec,
    } as KubeObject);
  return { resource: trainTasks, submit, hasEnded: taskHasEnded, prefix };
}

function bareJobs({ client, namespace }: Installation, round: number): Load {
  const prefix = `bare-${round}-`;
  const pod = { restartPolicy: "Never", containers: [{ name: "trainer", image: "pretended" }] };
  const submit = (index: number): Promise<unknown> =>
    client.create<Job>(jobs, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { namespace, name: prefix + index },
      spec: { template: { spec: pod } },
    });
  return { resource: jobs, submit, hasEnded: (object) => jobFacts(object).terminal, prefix };
}

function trainedForests(installed: Installation, round: number): Load {
  const { name: queue, namespace } = installed;
  const prefix = `forest-${round}-`;
  const trainer = { randomForest: { nEstimators: 1 } };
  const dataset = { synthetic: { kind: "uniform" }, problemType: "classification" };
  const submit = async (index: number): Promise<void> => {
    const body = JSON.stringify({ metadata: { name: prefix + index }, spec: { queue, trainer, dataset } });
    const headers = { "content-type": "application/json" };
    const path = `/v1/tasks?namespace=${namespace}`;
    const { status, text } = await installed.call({ method: "POST", path, body, headers });
    if (status !== 201) throw new Error(`${status} ${text}`);
  };
  return { resource: trainTasks, submit, hasEnded: taskHasEnded, prefix };
}

function controllerManager(): number {
  const record = readFileSync(join(layout.records, "kube-controller-manager"), "utf8");
  return (JSON.parse(record) as { pid: number }).pid;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
