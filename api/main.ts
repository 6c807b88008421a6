/**
 * The API as a program of its own, next to a cluster that KUBECONFIG (or the pod's service account) names. npm start
 * does not come by here: local/main.ts composes the API with everything else.
 */
import { readFileSync } from "node:fs";
import { pino } from "pino";
import { systemClock } from "../kube/clock.ts";
import { clusterConfig } from "../kube/config.ts";
import { httpsTransport } from "../kube/https-transport.ts";
import { restClient } from "../kube/rest-client.ts";
import { UnsuitableStoreError } from "./artifacts/objects.ts";
import { startApi } from "./server.ts";
import { apiSettings, SettingsError } from "./settings.ts";
import type { ApiSettings, S3Input } from "./settings.ts";
import { parseYaml } from "./yaml-text.ts";

const log = pino();

function readSettings(env: NodeJS.ProcessEnv): ApiSettings {
  const text = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  const number = (name: string): number | undefined => (text(name) === undefined ? undefined : Number(text(name)));
  const template = text("TRAINTASK_ADD_TASK");
  return apiSettings({
    access: text("TRAINTASK_ACCESS") as ApiSettings["access"] | undefined,
    host: text("TRAINTASK_HOST"),
    tls: tlsFiles(text("TRAINTASK_TLS_CERT_FILE"), text("TRAINTASK_TLS_KEY_FILE")),
    port: number("TRAINTASK_PORT"),
    metricsPort: number("TRAINTASK_METRICS_PORT"),
    dataDir: text("TRAINTASK_DATA_DIR"),
    s3: text("TRAINTASK_S3_BUCKET") === undefined ? undefined : readBucket(text),
    drainSeconds: number("TRAINTASK_DRAIN_SECONDS"),
    farewellSeconds: number("TRAINTASK_FAREWELL_SECONDS"),
    watchNamespaces: text("TRAINTASK_WATCH_NAMESPACES")?.split(","),
    addTask: template === undefined ? undefined : (parseYaml(readFileSync(template, "utf8")) as ApiSettings["addTask"]),
    maxModelBytes: number("TRAINTASK_MAX_MODEL_BYTES"),
  });
}

/** Its credentials are no settings: the client of S3 finds them by itself. */
function readBucket(text: (name: string) => string | undefined): S3Input {
  return {
    bucket: text("TRAINTASK_S3_BUCKET") ?? "",
    prefix: text("TRAINTASK_S3_PREFIX"),
    endpoint: text("TRAINTASK_S3_ENDPOINT"),
    region: text("TRAINTASK_S3_REGION"),
    forcePathStyle: text("TRAINTASK_S3_FORCE_PATH_STYLE") === "true",
  };
}

function tlsFiles(certFile = "", keyFile = ""): ApiSettings["tls"] {
  return certFile === "" && keyFile === "" ? undefined : { certFile, keyFile };
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const stop = new AbortController();
  const transport = httpsTransport(await clusterConfig());
  const api = await startApi({ client: restClient(transport), clock: systemClock, log, settings, signal: stop.signal });
  log.info({ url: api.url, dataDir: settings.dataDir, s3: settings.s3 }, "the API is open");
  const signals = ["SIGTERM", "SIGINT"] as const;
  await new Promise<void>((resolve) => signals.forEach((signal) => process.once(signal, () => resolve())));
  // A second signal finds no handler any more and ends the program at once.
  await api.close();
  await transport.close();
}

try {
  await main();
} catch (error) {
  if (error instanceof SettingsError) log.error({}, `setting ${error.message}`);
  else if (error instanceof UnsuitableStoreError) log.error({}, error.message);
  else log.error({ err: error }, "the API cannot start");
  process.exitCode = 1;
}
