/**
 * Operator and API in this process, beside a real cluster, with the accounts and roles that the chart gives them: a
 * release without pods, in a namespace of its own, with a queue that no other operator serves.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type RunningApi, startApi } from "../../api/server.ts";
import { apiSettings } from "../../api/settings.ts";
import type { KubeClient } from "../../kube/client.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { clusterConfig } from "../../kube/config.ts";
import { ForbiddenError } from "../../kube/errors.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import type { Log } from "../../kube/log.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport } from "../../kube/transport.ts";
import { startOperator } from "../../operator/operator.ts";
import { chart, helm } from "./helm.ts";

export const kubectl = (...args: string[]): string => execFileSync("kubectl", args, { encoding: "utf8" }).trim();

export interface Accounts {
  /** Of the release, its namespace and its queue. */
  readonly name: string;
  readonly api: RunningApi;
  /** What the API server refused to the two accounts. */
  readonly forbidden: readonly string[];
  /** Acts as the account `operator` or `api` of the release. */
  readonly clientOf: (component: string) => Promise<KubeClient>;
  readonly tokenOf: (account: string) => string;
  /** Calls the API, by default for an account that may do everything. */
  readonly call: (path: string, init?: RequestInit, token?: string) => Promise<Response>;
  /** Submits the task `one` to a namespace, takes it through all that can be done with it, and deletes it. */
  readonly passThroughLife: (namespace: string) => Promise<void>;
  close(): Promise<void>;
}

/** @param watchNamespaces of the release, made here; empty: it watches all */
export async function startAccounts(watchNamespaces: readonly string[] = []): Promise<Accounts> {
  const name = `accounts-${randomUUID().slice(0, 8)}`;
  const controllerName = `test/${name}`;
  install(name, { controllerName, watchNamespaces });
  const tokenOf = (account: string): string => kubectl("create", "token", "--namespace", name, account);
  const transports: Transport[] = [];
  const clientOf = async (component: string): Promise<KubeClient> => {
    const transport = await transportOf(tokenOf(`${name}-${component}`));
    transports.push(transport);
    return restClient(transport);
  };
  const stop = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), "accounts-"));
  const { log, forbidden } = refusalsOf();
  const common = { clock, log, signal: stop.signal };
  const settings = {
    controllerName,
    identity: name,
    namespace: name,
    leaderElection: true,
    watchNamespaces,
    maxRunningDefault: 1,
    apiUrl: "https://nowhere.invalid",
    ca: "",
    trainerImage: "traintask-trainer:0.1.0",
    maxModelBytes: 1 << 20,
  };
  const operator = startOperator({ ...common, client: await clientOf("operator"), settings });
  const forApi = apiSettings({ port: 0, dataDir: folder, watchNamespaces: [...watchNamespaces] });
  const api = await startApi({ ...common, client: await clientOf("api"), settings: forApi });
  const call: Accounts["call"] = (path, init = {}, token = tokenOf("default")) =>
    fetch(`${api.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  return {
    name,
    api,
    forbidden,
    clientOf,
    tokenOf,
    call,
    passThroughLife: (namespace) => passThroughLife(call, { namespace, queue: name }),
    async close() {
      stop.abort();
      await Promise.all([api.close(), operator.stopped]);
      await Promise.all(transports.map((transport) => transport.close()));
      helm(["uninstall", name, "--namespace", name]);
      kubectl("delete", "trainqueue", name);
      kubectl("delete", "namespace", name, ...watchNamespaces, "--wait=false");
      rmSync(folder, { recursive: true });
    },
  };
}

interface ReleaseValues {
  readonly controllerName: string;
  readonly watchNamespaces: readonly string[];
}

/** Nothing of what there can be only one of in a cluster; `default` may do all, `stranger` nothing. */
function install(name: string, { controllerName, watchNamespaces }: ReleaseValues): void {
  for (const namespace of watchNamespaces) kubectl("create", "namespace", namespace);
  const values = {
    fullnameOverride: name,
    controllerName,
    watchNamespaces,
    operator: { replicas: 0 },
    api: { replicas: 0 },
    rbac: { userRoles: false },
    defaultQueue: { create: false },
  };
  helm(["install", name, chart, "--namespace", name, "--create-namespace", "--values", "-"], JSON.stringify(values));
  const queue = { apiVersion: "traintask.dev/v1alpha1", kind: "TrainQueue", metadata: { name } };
  const input = JSON.stringify({ ...queue, spec: { controllerName, maxRunning: 1 } });
  execFileSync("kubectl", ["create", "-f", "-"], { input });
  const admin = ["--clusterrole=cluster-admin", `--serviceaccount=${name}:default`];
  for (const namespace of [name, ...watchNamespaces])
    kubectl("create", "rolebinding", "all", "--namespace", namespace, ...admin);
  kubectl("create", "serviceaccount", "--namespace", name, "stranger");
}

/** By token alone: with a client certificate of the person who runs this, it would be that person. */
async function transportOf(token: string): Promise<Transport> {
  const { baseUrl, tls } = await clusterConfig();
  const { ca, servername } = tls ?? {};
  return httpsTransport({ baseUrl, tls: { ca, servername }, authorization: () => `Bearer ${token}` });
}

function refusalsOf(): { readonly log: Log; readonly forbidden: string[] } {
  const forbidden: string[] = [];
  const error = (fields: object): void => {
    const { err } = fields as { err?: unknown };
    if (err instanceof ForbiddenError) forbidden.push(err.message);
  };
  return { log: { info: () => undefined, error }, forbidden };
}

interface Place {
  readonly namespace: string;
  readonly queue: string;
}

async function passThroughLife(call: Accounts["call"], { namespace, queue }: Place): Promise<void> {
  const spec = {
    queue,
    trainer: { randomForest: { nEstimators: 5 } },
    dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
  };
  const body = JSON.stringify({ metadata: { name: "one" }, spec });
  const at = (path: string): string => `${path}?namespace=${namespace}`;
  const post = async (path: string): Promise<number> => (await call(at(path), { method: "POST" })).status;
  const stateOf = async (): Promise<string> =>
    ((await (await call(at("/v1/tasks/one"))).json()) as { status: { state: string } }).status.state;
  const untilState = async (...states: string[]): Promise<void> => {
    await expect.poll(stateOf, { timeout: 60_000, interval: 500 }).toSatisfy((state: string) => states.includes(state));
  };
  const begun = ["Starting", "Running", "Finishing"];
  await expect.poll(async () => (await call("/readyz")).status, { timeout: 30_000 }).toBe(200);
  expect((await call(at("/v1/tasks"), { method: "POST", body })).status).toBe(201);
  await untilState(...begun);
  expect(await post("/v1/tasks/one/suspend")).toBe(200);
  await untilState("Suspended");
  expect(await post("/v1/tasks/one/resume")).toBe(200);
  await untilState(...begun);
  expect(await post("/v1/tasks/one/cancel")).toBe(200);
  await untilState("Cancelled");
  expect((await call(at("/v1/tasks/one"), { method: "DELETE" })).status).toBe(204);
}
