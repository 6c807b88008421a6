/**
 * `npm start`: the whole system on one machine, in one process: a local cluster (API server, Job controller, scheduler
 * and kubelet), our operator and our HTTP API. The only module that knows all of them.
 */
import { randomBytes } from "node:crypto";
import { openSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import pino from "pino";
import { startApi } from "../api/server.ts";
import { apiSettings, type ApiSettings } from "../api/settings.ts";
import { systemClock } from "../kube/clock.ts";
import { httpsTransport } from "../kube/https-transport.ts";
import type { Log } from "../kube/log.ts";
import { restClient } from "../kube/rest-client.ts";
import type { TransportRequest, TransportResponse } from "../kube/transport.ts";
import { startOperator } from "../operator/operator.ts";
import type { OperatorSettings } from "../operator/settings.ts";
import { defaultControllerName } from "../traintask/names.ts";
import { readAddTask } from "./add-task.ts";
import { serveHttp } from "./apiserver/http.ts";
import { writeKubeconfig } from "./apiserver/kubeconfig.ts";
import { startCluster } from "./cluster.ts";
import { ConfigurationError, type LocalConfiguration, readConfiguration, usage } from "./configuration.ts";
import { defaultQueue } from "./default-queue.ts";
import { type Http, submitAndFollow } from "./follow.ts";
import { greeting } from "./greeting.ts";
import { leavePid, makeDataFolder, StartError, startError } from "./start-error.ts";

const root = path.resolve(import.meta.dirname, "..");
const trainerImage = "traintask-trainer";
/** What stands in Jobs, which outlive the port that the API has in this life of the program. */
const apiUrlInPods = "http://traintask-api";
const clock = systemClock;

interface System {
  readonly apiUrl: string;
  readonly kubeconfig: string;
  readonly maxRunning: number;
  /** Needed for container tasks over HTTP, where they are allowed. */
  readonly containerToken?: string;
  /** Nothing new is started; pods save their work while the API is still there to take it; the API server goes last. */
  stop(): Promise<void>;
}

async function run(configuration: LocalConfiguration): Promise<void> {
  const { dataDir, files } = configuration;
  const asked = stopSignal();
  const settings = settingsOfApi(configuration);
  const system = await startSystem(configuration, settings).catch((error: unknown) => {
    throw startError(error, configuration);
  });
  process.stdout.write(greeting({ ...system, version: version(), dataDir }));
  if (files.length > 0) await submitFiles(system, { files, signal: asked });
  await untilAborted(asked);
  process.stdout.write("\nStopping: training that is under way is saved and goes on at the next start.\n");
  await system.stop();
}

/** What stands for the trainer's image. */
const trainer = [
  process.execPath,
  "--import",
  path.join(root, "scripts/compile-cache.js"),
  // As the image does.
  "--max-semi-space-size=2",
  path.join(root, "trainer/main.ts"),
];

async function startSystem(configuration: LocalConfiguration, settings: ApiSettings): Promise<System> {
  const { dataDir, allowHostCommands } = configuration;
  makeDataFolder(dataDir);
  const logFile = openSync(path.join(dataDir, "log.jsonl"), "a", 0o600);
  const log: Log = pino({ base: null }, pino.destination({ dest: logFile, sync: false }));
  const cluster = startCluster({
    dataDir,
    clock,
    log,
    allowHostCommands,
    images: { [trainerImage]: { command: trainer } },
    hostEnvironment: hostEnvironment(),
  });
  leavePid(dataDir);
  const handle = (request: TransportRequest): Promise<TransportResponse> => cluster.apiServer.handle(request);
  const kubectlDoor = await serveHttp({ handle, log });
  const kubeconfig = path.join(dataDir, "kubeconfig");
  writeKubeconfig(kubeconfig, kubectlDoor.url);
  const cores = availableParallelism();
  const maxRunning = defaultQueue({
    registry: cluster.apiServer.registry,
    maxRunning: configuration.maxRunning,
    cores,
  });
  const shared = { client: restClient({ send: handle, close: () => Promise.resolve() }), clock, log };
  const [apiStop, operatorStop] = [new AbortController(), new AbortController()];
  const api = await startApi({ ...shared, settings, signal: apiStop.signal });
  cluster.startPods({ [apiUrlInPods]: api.url });
  const operator = startOperator({
    ...shared,
    settings: settingsOfOperator(settings, configuration),
    signal: operatorStop.signal,
  });
  await operator.ready;
  return {
    apiUrl: api.url,
    kubeconfig,
    maxRunning,
    ...(settings.containerToken === undefined ? {} : { containerToken: settings.containerToken }),
    async stop() {
      operatorStop.abort();
      await operator.stopped;
      await cluster.stopPods();
      apiStop.abort();
      await api.close();
      await kubectlDoor.close();
      cluster.close();
    },
  };
}

function settingsOfOperator(
  { maxModelBytes }: ApiSettings,
  { allowPrivateAddresses }: LocalConfiguration,
): OperatorSettings {
  return {
    controllerName: defaultControllerName,
    identity: `local-${randomBytes(8).toString("hex")}`,
    namespace: "default",
    // The cluster's database is open to this process alone, so there can be no other operator.
    leaderElection: false,
    apiUrl: apiUrlInPods,
    ca: "",
    trainerImage,
    maxModelBytes,
    allowPrivateAddresses,
    maxRunningDefault: availableParallelism(),
  };
}

function settingsOfApi({ port, dataDir, addTask, allowHostCommands }: LocalConfiguration): ApiSettings {
  const log = pino({ enabled: false });
  return apiSettings({
    access: "local",
    port,
    dataDir,
    ...(addTask === undefined ? {} : { addTask: readAddTask(addTask, { clock, log }) }),
    ...(allowHostCommands ? { containerToken: randomBytes(24).toString("base64url") } : {}),
  });
}

async function submitFiles(
  { apiUrl, containerToken }: System,
  { files, signal }: { files: readonly string[]; signal: AbortSignal },
): Promise<void> {
  const transport = httpsTransport({ baseUrl: apiUrl });
  const http: Http = async (request) => {
    const response = await transport.send(request);
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    return { status: response.status, text: Buffer.concat(chunks).toString() };
  };
  const wait = (ms: number): Promise<void> => clock.sleep(ms, signal);
  const token = containerToken === undefined ? {} : { containerToken };
  await submitAndFollow({ files, http, apiUrl, wait, signal, out: process.stdout, ...token });
  await transport.close();
}

/** What containers see of this program's environment: how to find programs, nothing that could be a secret. */
function hostEnvironment(): Record<string, string> {
  const { PATH, LANG } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), ...(LANG === undefined ? {} : { LANG }) };
}

function version(): string {
  return (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** Aborts at the first SIGINT or SIGTERM; a second one ends the program at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  return controller.signal;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

try {
  const configuration = readConfiguration(process.argv.slice(2), process.env);
  if (configuration === undefined) process.stdout.write(usage);
  else await run(configuration);
} catch (error) {
  if (!(error instanceof ConfigurationError || error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: a system that is half started goes on for ever.
  process.exit(error instanceof StartError ? 1 : 64);
}
