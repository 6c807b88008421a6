/**
 * The whole system composed in the test's own process, as local/main.ts composes it, so that a test can take its API
 * away and give it back while cluster, operator and pods (real processes) go on. Everything it starts it also ends.
 */
import { rmSync } from "node:fs";
import { type RunningApi, startApi } from "../../api/server.ts";
import { apiSettings } from "../../api/settings.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { TransportError } from "../../kube/errors.ts";
import { silentLog as log } from "../../kube/log.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport, TransportRequest } from "../../kube/transport.ts";
import { defaultQueue } from "../../local/default-queue.ts";
import { startCluster } from "../../local/cluster.ts";
import { startOperator } from "../../operator/operator.ts";
import { defaultControllerName } from "../../traintask/names.ts";
import { fromSource } from "../../scripts/from-source.ts";
import { freshDataDir } from "./system.ts";

const trainerImage = "traintask-trainer";
const apiUrlInPods = "http://traintask-api";

export interface Composed {
  /** Base URL of the API, the same in all its lives. */
  readonly url: string;
  readonly dataDir: string;
  /** Requests of the API to its API server for which this holds get no answer, and have no effect. */
  losing(lost: (request: TransportRequest) => boolean): void;
  stopApi(): Promise<void>;
  /** On the port and the folder of the one before. */
  startApi(): Promise<void>;
  stop(): Promise<void>;
}

export async function startComposed(): Promise<Composed> {
  const dataDir = freshDataDir();
  const images = { [trainerImage]: { command: [process.execPath, ...fromSource("trainer/main.ts")] } };
  const cluster = startCluster({ dataDir, clock, log, images, allowHostCommands: false, hostEnvironment: {} });
  defaultQueue({ registry: cluster.apiServer.registry, maxRunning: 2, cores: 2 });
  const handle: Transport["send"] = (request) => cluster.apiServer.handle(request);
  const close = (): Promise<void> => Promise.resolve();
  let isLost: (request: TransportRequest) => boolean = () => false;
  const seenByApi: Transport["send"] = (request) =>
    isLost(request) ? Promise.reject(new TransportError("the API was stopped here")) : handle(request);
  const start = (port: number): Promise<RunningApi> =>
    startApi({
      client: restClient({ send: seenByApi, close }),
      clock,
      log,
      settings: apiSettings({ access: "local", port, dataDir }),
      signal: new AbortController().signal,
    });
  let api = await start(0);
  const { url, port } = api;
  cluster.startPods({ [apiUrlInPods]: url });
  const operatorStop = new AbortController();
  const operator = startOperator({
    client: restClient({ send: handle, close }),
    clock,
    log,
    settings: {
      controllerName: defaultControllerName,
      identity: "composed",
      namespace: "default",
      leaderElection: false,
      apiUrl: apiUrlInPods,
      ca: "",
      trainerImage,
      maxModelBytes: 1 << 30,
      maxRunningDefault: 2,
    },
    signal: operatorStop.signal,
  });
  await operator.ready;
  return {
    url,
    dataDir,
    losing(lost) {
      isLost = lost;
    },
    stopApi: () => api.close(),
    async startApi() {
      api = await start(port);
    },
    async stop() {
      operatorStop.abort();
      await operator.stopped;
      await cluster.stopPods();
      await api.close();
      cluster.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
