/**
 * A world for the operator: the local API server in memory, a garbage collector, a virtual clock, as many operators as a
 * test wants, and a Job controller that does nothing by itself: a test says when a pod is ready and how it ends.
 * Every request of the operators passes a door that counts it and may lose it, and every change is on record.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { restClient } from "../../kube/rest-client.ts";
import type { KubeClient } from "../../kube/client.ts";
import { TransportError } from "../../kube/errors.ts";
import { silentLog } from "../../kube/log.ts";
import type { Log } from "../../kube/log.ts";
import { events, jobs, leases, pods } from "../../kube/objects.ts";
import type { Event, Job, KubeObject } from "../../kube/objects.ts";
import type { TransportRequest, TransportResponse } from "../../kube/transport.ts";
import { virtualClock } from "../../kube/virtual-clock.ts";
import type { VirtualClock } from "../../kube/virtual-clock.ts";
import { createApiServer } from "../../local/apiserver/server.ts";
import { startGarbageCollector } from "../../local/garbage/collector.ts";
import type { Registry, RegistryEvent } from "../../local/registry.ts";
import { startOperator } from "../../operator/operator.ts";
import type { Operator, OperatorOptions } from "../../operator/operator.ts";
import type { OperatorSettings } from "../../operator/settings.ts";
import { jobName, trainQueues, trainTasks } from "../../traintask/names.ts";
import type { ConditionType } from "../../traintask/reasons.ts";
import type { Condition } from "../../traintask/status.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { aManifest } from "../builders/objects.ts";
import type { Overrides } from "../builders/objects.ts";
import { aQueueNamed } from "./pieces.ts";
import { ScriptedJobs } from "./scripted-jobs.ts";

const crds = path.resolve(import.meta.dirname, "../../deploy/helm/traintask/crds");
const definitions = ["traintasks.yaml", "trainqueues.yaml"].map((file) => readFileSync(path.join(crds, file), "utf8"));

/** What happens to a request of an operator. `lost after` is done by the server, and its answer lost. */
export type Fate = "answered" | "lost before" | "lost after" | TransportResponse;

export interface World {
  readonly clock: VirtualClock;
  readonly registry: Registry;
  /** The test's own client: it passes no door. */
  readonly client: KubeClient;
  readonly scripted: ScriptedJobs;
  /** Every change of every object, in order. */
  readonly history: RegistryEvent[];
  /** The operators' requests, leases and Events aside, as `METHOD path`. */
  readonly requests: string[];
  /** Decides the fate of an operator's request; answered unless told otherwise. */
  fate: (request: TransportRequest) => Fate;
  /** By how many milliseconds each line of a watch is late; not at all unless told otherwise. */
  lagMs: (request: TransportRequest) => number;
  /** By how many milliseconds the answer to a write is late, which the server has done at once; not at all unless told otherwise. */
  answerMs: (request: TransportRequest) => number;
  start(settings?: Partial<OperatorSettings>, more?: Pick<OperatorOptions, "observe" | "authority">): RunningOperator;
  killOperators(): void;
  /** How many operators there are that were not killed. */
  operators(): number;
  submit(overrides?: Overrides<TrainTask>): Promise<TrainTask>;
  task(name?: string): TrainTask;
  tasks(): TrainTask[];
  /** Ends every watch of the operators, as a proxy that restarts would. */
  endWatches(): void;
  job(name: string): Job | undefined;
  jobs(): Job[];
  patch(spec: object, name?: string): Promise<void>;
  /** As the API would write its part of the status. */
  patchStatus(status: object, name?: string): Promise<void>;
  events(): Event[];
  /** Jobs that have not ended. */
  liveJobs(): Job[];
  /** Every object of this kind that was ever created. */
  created(kind: string): KubeObject[];
  reason(type: ConditionType, name?: string): string | undefined;
  conditionStatus(type: ConditionType, name?: string): string | undefined;
  /** Starts an operator if none runs, and a task that has been running for 0.9 s of virtual time. */
  runningTask(overrides?: Overrides<TrainTask>): Promise<{ name: string; task: TrainTask }>;
  close(): Promise<void>;
}

export interface RunningOperator {
  readonly ready: Promise<void>;
  readonly health: Operator["health"];
  stop(): Promise<void>;
  /** Ends it as a kill would: what it sends from now on never arrives. */
  kill(): void;
}

export const settings: OperatorSettings = {
  controllerName: "traintask.dev/operator",
  identity: "operator-1",
  namespace: "default",
  leaderElection: false,
  maxRunningDefault: 2,
  apiUrl: "http://127.0.0.1:5000",
  ca: "",
  trainerImage: "traintask-trainer",
  maxModelBytes: 1 << 30,
};

export function createWorld(options: { log?: Log; maxRunning?: number } = {}): World {
  const clock = virtualClock();
  const { log = silentLog, maxRunning = 2 } = options;
  const apiServer = createApiServer({ databasePath: ":memory:", clock, log: silentLog, crds: definitions });
  const { registry } = apiServer;
  const history: RegistryEvent[] = [];
  registry.subscribe((event) => void history.push(event));
  const resources = [trainTasks, jobs, pods];
  const stopCollector = startGarbageCollector({ registry, clock, log: silentLog, resources });
  const scripted = new ScriptedJobs(registry, clock);
  const close = async (): Promise<void> => undefined;
  const client = restClient({ send: (request) => apiServer.handle(request), close });
  const running: RunningOperator[] = [];
  registry.create(trainQueues, aQueueNamed("default", { maxRunning }));

  let watches = new AbortController();
  /** A watch ends with endWatches, too. */
  const breakable = (request: TransportRequest): TransportRequest => {
    if (!request.path.includes("watch=") || request.signal === undefined) return request;
    return { ...request, signal: AbortSignal.any([request.signal, watches.signal]) };
  };

  const world: World = {
    clock,
    registry,
    client,
    scripted,
    history,
    requests: [],
    fate: () => "answered",
    lagMs: () => 0,
    answerMs: () => 0,
    start(overrides = {}, more = {}) {
      const stop = new AbortController();
      let dead = false;
      const send = async (request: TransportRequest): Promise<TransportResponse> => {
        const fate = dead ? "lost before" : world.fate(request);
        if (isCounted(request)) world.requests.push(`${request.method} ${request.path.split("?")[0]}`);
        if (fate === "lost before") throw new TransportError("the connection was reset");
        if (typeof fate === "object") return fate;
        const response = await apiServer.handle(breakable(request));
        const answerMs = request.method === "GET" ? 0 : world.answerMs(request);
        if (answerMs > 0) await clock.sleep(answerMs, request.signal);
        if (fate === "lost after" || dead) throw new TransportError("the connection was reset");
        const lagMs = request.path.includes("watch=") ? world.lagMs(request) : 0;
        return lagMs === 0
          ? response
          : { ...response, body: late(response.body, () => clock.sleep(lagMs, request.signal)) };
      };
      const operator = startOperator({
        client: restClient({ send, close }),
        clock,
        log,
        settings: { ...settings, ...overrides },
        ...more,
        signal: stop.signal,
      });
      const handle: RunningOperator = {
        ready: operator.ready,
        health: operator.health,
        async stop() {
          stop.abort();
          await operator.stopped;
        },
        kill() {
          dead = true;
          stop.abort();
        },
      };
      running.push(handle);
      return handle;
    },
    killOperators() {
      for (const operator of running.splice(0)) operator.kill();
    },
    operators: () => running.length,
    async submit(overrides = {}) {
      return (await client.create(trainTasks, aManifest(overrides) as KubeObject)) as TrainTask;
    },
    task: (name = "iris") => registry.get(trainTasks, { namespace: "default", name }) as unknown as TrainTask,
    tasks: () => registry.list(trainTasks) as unknown as TrainTask[],
    endWatches: () => {
      watches.abort();
      watches = new AbortController();
    },
    job: (name) => registry.get<Job>(jobs, { namespace: "default", name }),
    jobs: () => registry.list<Job>(jobs),
    async patch(spec, name = "iris") {
      await client.patch(trainTasks, { namespace: "default", name }, { body: { spec } });
    },
    async patchStatus(status, name = "iris") {
      await client.patchStatus(trainTasks, { namespace: "default", name }, { body: { status } });
    },
    events: () => registry.list<Event>(events),
    liveJobs: () => world.jobs().filter(({ status: { conditions = [] } = {} }) => conditions.length === 0),
    created: (kind) =>
      history.flatMap(({ type, resource, object }) => (type === "ADDED" && resource.kind === kind ? [object] : [])),
    reason: (type, name) => conditionOf(world.task(name), type)?.reason,
    conditionStatus: (type, name) => conditionOf(world.task(name), type)?.status,
    async runningTask(overrides = {}) {
      if (running.length === 0) world.start();
      const task = await world.submit(overrides);
      const name = jobName(task.metadata, 1);
      await clock.advance(100);
      scripted.ready(name);
      await clock.advance(900);
      return { name, task };
    },
    async close() {
      await Promise.all(running.map((operator) => operator.stop()));
      stopCollector();
      apiServer.close();
    },
  };
  return world;
}

/** Writes and reads of objects: neither watches and lists that fill caches, nor the lease, nor Events. */
function isCounted({ method, path: where }: TransportRequest): boolean {
  const url = where.split("?")[0] ?? "";
  if (url.includes(`/${leases.plural}`)) return false;
  if (url.includes(`/${trainQueues.plural}/`)) return false;
  if (url.endsWith("/events") || url.includes("/events/")) return method === "GET";
  return method !== "GET" || /\/(jobs|pods|traintasks)\/[^/]+$/.test(url);
}

function conditionOf(task: TrainTask, type: ConditionType): Condition | undefined {
  return task.status.conditions?.find((one) => one.type === type);
}

async function* late(body: TransportResponse["body"], wait: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    await wait();
    yield piece;
  }
}
