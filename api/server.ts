/**
 * The API as a whole: caches and loops are started, then the port is opened. Everything here can be killed at any
 * moment; what it keeps is in the API server and in the artifact store.
 */
import type { Server } from "node:http";
import { Server as TlsServer } from "node:https";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import { openAccess } from "./access/access.ts";
import type { Access } from "./access/access.ts";
import { kubernetesAccess } from "./access/kubernetes-access.ts";
import { strangerLimit } from "./access/stranger-limit.ts";
import type { StrangerLimit } from "./access/stranger-limit.ts";
import type { Api } from "./api.ts";
import { createApp } from "./app.ts";
import { artifactStore } from "./artifacts/artifact-store.ts";
import { chunkNotices } from "./artifacts/notices.ts";
import { openObjects } from "./artifacts/open.ts";
import { startCache } from "./cache.ts";
import { readCertificate, renewCertificate } from "./certificate.ts";
import type { Certificate, CertificateFiles } from "./certificate.ts";
import { datasetStore } from "./datasets/store.ts";
import { fence } from "./fence.ts";
import { drain, farewell } from "./farewell.ts";
import { httpServer, listen } from "./http-server.ts";
import { liveProgress } from "./live-progress.ts";
import { startLogKeeper } from "./logs/keeper.ts";
import { startMetrics } from "./metrics.ts";
import { predictors } from "./predict/predictors.ts";
import { startSealing } from "./sealing/loop.ts";
import { apiSettings, SettingsError } from "./settings.ts";
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
  /** Base URL for this machine, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Port of the metrics, when they were asked for. */
  readonly metricsPort?: number;
  /** Ends requests under way and resolves when nothing runs any more. */
  close(): Promise<void>;
}

/**
 * Resolves when the port is open; `GET /readyz` says when the caches are filled.
 * @throws SettingsError, or the reason why the port or the directory cannot be used
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const settings = apiSettings(options.settings);
  const certificate = settings.tls === undefined ? undefined : await usableCertificate(settings.tls);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const { api, stopped } = await startParts({ ...options, settings, signal });
  const metrics =
    settings.metricsPort === undefined
      ? undefined
      : await startMetrics({ host: settings.host, port: settings.metricsPort, cache: api.cache });
  let { port } = settings;
  const app = createApp({ api, port: () => port, ...(metrics === undefined ? {} : { observe: metrics.observe }) });
  const server = httpServer(app, certificate);
  try {
    port = await listen(server, settings);
  } catch (error) {
    stop.abort();
    await metrics?.close();
    throw error;
  }

  const renewed = renewal(server, { ...options, settings, certificate, signal });
  const shutDown = async (): Promise<void> => {
    await drain(server, { clock: options.clock, seconds: settings.drainSeconds, signal });
    stop.abort();
    await farewell(server, { clock: options.clock, seconds: settings.farewellSeconds });
    await Promise.all([metrics?.close(), api.predictors.close(), stopped, renewed]);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  const closeLogged = (): void =>
    void close().catch((error: unknown) => options.log.error({ err: error }, "closing the API failed"));
  options.signal.addEventListener("abort", closeLogged, { once: true });
  return {
    url: `${settings.tls === undefined ? "http" : "https"}://${hostInUrl(settings.host)}:${port}`,
    port,
    close,
    ...(metrics === undefined ? {} : { metricsPort: metrics.port }),
  };
}

/** @throws SettingsError: without its certificate a server that others can reach does not start */
async function usableCertificate(files: CertificateFiles): Promise<Certificate> {
  try {
    return await readCertificate(files);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "";
    throw new SettingsError(`tls: ${files.certFile} and ${files.keyFile} are no certificate and its key: ${why}`, {
      cause,
    });
  }
}

interface Renewal extends ApiOptions {
  readonly certificate: Certificate | undefined;
}

async function renewal(server: Server, { settings, certificate, clock, log, signal }: Renewal): Promise<void> {
  if (settings.tls === undefined || certificate === undefined || !(server instanceof TlsServer)) return;
  await renewCertificate(server, { files: settings.tls, current: certificate, clock, log, signal });
}

/** What listens on all addresses answers on this machine's own, too. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

function accessOf({ client, clock, log, settings }: ApiOptions, strangers: StrangerLimit): Access {
  if (settings.access === "local") return openAccess;
  const templateNamespace = settings.addTask.metadata?.namespace ?? "default";
  return kubernetesAccess({ client, clock, log, strangers, templateNamespace });
}

async function startParts(options: ApiOptions): Promise<{ api: Api; stopped: Promise<unknown> }> {
  const { clock, settings } = options;
  const objects = await openObjects(settings, clock.now());
  const artifacts = artifactStore(objects);
  const datasets = datasetStore({ objects, clock, maxNamespaceBytes: settings.maxNamespaceDatasetBytes });
  const cache = startCache({ ...options, watchNamespaces: settings.watchNamespaces });
  const progress = liveProgress({ ...options, cache, artifacts });
  const sealing = startSealing({ ...options, cache, artifacts });
  const strangers = strangerLimit(clock);
  const api: Api = {
    ...options,
    access: accessOf(options, strangers),
    cache,
    artifacts,
    datasets,
    progress,
    sealing,
    notices: chunkNotices(),
    fence: fence({
      ...options,
      strangers,
      watchNamespaces: settings.watchNamespaces,
      latestAttempt: (uid) => cache.jobOf(uid)?.attempt,
    }),
    predictors: predictors({ clock, maxBytes: settings.maxPredictModelBytes }),
  };
  const loops = [cache.stopped, progress.stopped, sealing.stopped, startLogKeeper(api).stopped, startSweeping(api)];
  return { api, stopped: Promise.all(loops) };
}
