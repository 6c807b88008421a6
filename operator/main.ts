/**
 * The operator as a program of its own, next to a cluster that KUBECONFIG (or the pod's service account) names. npm
 * start does not come by here: local/main.ts composes the operator with everything else.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { pino } from "pino";
import { systemClock as clock } from "../kube/clock.ts";
import { clusterConfig } from "../kube/config.ts";
import { httpsTransport } from "../kube/https-transport.ts";
import { observedTransport } from "../kube/observed-transport.ts";
import { restClient } from "../kube/rest-client.ts";
import { followAuthority } from "./authority.ts";
import { operatorMetrics } from "./metrics.ts";
import { startOperator } from "./operator.ts";
import type { Operator } from "./operator.ts";
import { settingsFrom, SettingsError } from "./settings.ts";
import type { OperatorSettings } from "./settings.ts";
import { startStatusServer } from "./status-server.ts";

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
  const metrics = operatorMetrics();
  const transport = observedTransport(httpsTransport(await clusterConfig()), metrics.request);
  let operator: Operator | undefined;
  const status = await openStatus(settings, {
    unhealthy: () => operator?.health.unhealthy(),
    unready: () => (operator === undefined ? "the operator is being started" : operator.health.unready()),
    metrics: metrics.registry,
  });
  const client = restClient(transport);
  const common = { clock, log, signal: stop.signal };
  const authority = authorityOf(settings, common);
  operator = startOperator({ ...common, client, settings, observe: metrics.observe, authority: authority.current });
  void operator.ready.then(() => log.info({ controllerName: settings.controllerName }, "the operator acts"));
  await Promise.all([operator.stopped, authority.stopped]);
  await Promise.all([transport.close(), status?.close()]);
}

type Answers = Omit<Parameters<typeof startStatusServer>[0], "host" | "port">;

async function openStatus({ status }: OperatorSettings, answers: Answers) {
  return status === undefined ? undefined : startStatusServer({ ...status, ...answers });
}

function authorityOf(
  { ca, caFile }: OperatorSettings,
  common: Omit<Parameters<typeof followAuthority>[0], "read" | "current">,
) {
  if (caFile === undefined) return { current: () => ca, stopped: Promise.resolve() };
  return followAuthority({ ...common, read: () => readFile(caFile, "utf8"), current: ca });
}

try {
  await main();
} catch (error) {
  if (error instanceof SettingsError) log.error({}, error.message);
  else log.error({ err: error }, "the operator cannot start");
  process.exitCode = 1;
}
