/**
 * The operator as a program of its own, next to a cluster that KUBECONFIG (or the pod's service account) names. npm
 * start does not come by here: local/main.ts composes the operator with everything else.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { pino } from "pino";
import { systemClock } from "../kube/clock.ts";
import { clusterConfig } from "../kube/config.ts";
import { httpsTransport } from "../kube/https-transport.ts";
import { restClient } from "../kube/rest-client.ts";
import { startOperator } from "./operator.ts";
import { settingsFrom, SettingsError } from "./settings.ts";

const log = pino();

async function main(): Promise<void> {
  const settings = settingsFrom(process.env, {
    // A run of its own each time: the lease of an earlier run with the same host name is not ours.
    identity: `${hostname()}_${randomUUID()}`,
    readFile: (path) => readFileSync(path, "utf8"),
  });
  const stop = new AbortController();
  // A second signal finds no handler any more and ends the program at once.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  const transport = httpsTransport(await clusterConfig());
  const client = restClient(transport);
  const operator = startOperator({ client, clock: systemClock, log, settings, signal: stop.signal });
  void operator.ready.then(() => log.info({ controllerName: settings.controllerName }, "the operator acts"));
  await operator.stopped;
  await transport.close();
}

try {
  await main();
} catch (error) {
  if (error instanceof SettingsError) log.error({}, error.message);
  else log.error({ err: error }, "the operator cannot start");
  process.exitCode = 1;
}
