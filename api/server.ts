/**
 * The API as a whole: caches and loops are started, then the port is opened. Everything here can be killed at any
 * moment; what it keeps is in the API server and in the artifact store.
 */
import { createServer } from "node:http";
import type { Server } from "node:http";
import path from "node:path";
import type { Socket } from "node:net";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import type { Api } from "./api.ts";
import { createApp } from "./app.ts";
import { directoryStore } from "./artifacts/directory-store.ts";
import { chunkNotices } from "./artifacts/notices.ts";
import { startCache } from "./cache.ts";
import { datasetStore } from "./datasets/store.ts";
import { fence } from "./fence.ts";
import { liveProgress } from "./live-progress.ts";
import { startLogKeeper } from "./logs/keeper.ts";
import { closeServer, listen, startMetrics } from "./metrics.ts";
import { predictors } from "./predict/predictors.ts";
import { Problem, problemDocument, problemType } from "./problem.ts";
import { startSealing } from "./sealing/loop.ts";
import { apiSettings } from "./settings.ts";
import type { ApiSettings } from "./settings.ts";
import { startSweeping } from "./sweep.ts";

export interface ApiOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ApiSettings;
  /** Closes the API as `close` does. */
  readonly signal: AbortSignal;
}

export interface RunningApi {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Port of the metrics, when they were asked for. */
  readonly metricsPort?: number;
  /** Ends requests under way and resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** How long requests under way may take to end once the API is asked to. */
const farewellMs = 1000;

/**
 * Resolves when the port is open; `GET /readyz` says when the caches are filled.
 * @throws SettingsError, or the reason why the port or the directory cannot be used
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const settings = apiSettings(options.settings);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { api, stopped } = await startParts({ ...options, settings, signal });
  const metrics =
    settings.metricsPort === undefined
      ? undefined
      : await startMetrics({ port: settings.metricsPort, cache: api.cache });
  let port = settings.port;
  const app = createApp({ api, port: () => port, ...(metrics === undefined ? {} : { observe: metrics.observe }) });
  const server = httpServer(app);
  try {
    port = await listen(server, settings.port);
  } catch (error) {
    stop.abort();
    await metrics?.close();
    throw error;
  }

  const shutDown = async (): Promise<void> => {
    stop.abort();
    await farewell(server, options.clock);
    await Promise.all([metrics?.close(), api.predictors.close(), stopped]);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  const closeLogged = (): void =>
    void close().catch((error: unknown) => options.log.error({ err: error }, "closing the API failed"));
  options.signal.addEventListener("abort", closeLogged, { once: true });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close,
    ...(metrics === undefined ? {} : { metricsPort: metrics.port }),
  };
}

async function startParts(options: ApiOptions): Promise<{ api: Api; stopped: Promise<unknown> }> {
  const { client, clock, settings } = options;
  const artifacts = await directoryStore(path.join(settings.dataDir, "artifacts"));
  const datasets = await datasetStore({
    root: path.join(settings.dataDir, "datasets"),
    clock,
    maxNamespaceBytes: settings.maxNamespaceDatasetBytes,
  });
  const cache = startCache(options);
  const progress = liveProgress({ ...options, cache, artifacts });
  const sealing = startSealing({ ...options, cache, artifacts });
  const api: Api = {
    ...options,
    cache,
    artifacts,
    datasets,
    progress,
    sealing,
    notices: chunkNotices(),
    fence: fence({ client, clock, latestAttempt: (uid) => cache.jobOf(uid)?.attempt }),
    predictors: predictors({ clock, maxBytes: settings.maxPredictModelBytes }),
  };
  const loops = [cache.stopped, progress.stopped, sealing.stopped, startLogKeeper(api).stopped, startSweeping(api)];
  return { api, stopped: Promise.all(loops) };
}

function httpServer(app: ReturnType<typeof createApp>): Server {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 3_600_000, connectionsCheckingInterval: 2_000 },
    app,
  );
  server.maxConnections = 2000;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(error, socket as Socket));
  return server;
}

/** A request that is no HTTP: too large a header, too slow a one, or nonsense. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new Problem({ status: 431, detail: "The headers are too large." })
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? new Problem({ status: 408, detail: "The request came too slowly." })
        : new Problem({ status: 400, detail: "This is not an HTTP request that can be read." });
  const document = problemDocument(problem);
  const body = JSON.stringify(document) + "\n";
  socket.end(
    `HTTP/1.1 ${problem.status} ${String(document["title"])}\r\ncontent-type: ${problemType}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

async function farewell(server: Server, clock: Clock): Promise<void> {
  const ended = new AbortController();
  server.close(() => ended.abort());
  server.closeIdleConnections();
  await clock.sleep(farewellMs, ended.signal);
  if (!ended.signal.aborted) await closeServer(server);
}
