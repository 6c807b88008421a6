/**
 * Operator and API with the accounts and roles that the chart gives them, beside a real API server: all that a task
 * needs of them is allowed, and nobody gets in without a token that Kubernetes knows.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
import { chart, helm, helmIsThere, kubectlIsThere } from "./helm.ts";

const name = `accounts-${randomUUID().slice(0, 8)}`;
const kubectl = (...args: string[]): string => execFileSync("kubectl", args, { encoding: "utf8" }).trim();
const tokenOf = (account: string): string => kubectl("create", "token", "--namespace", name, account);

const toolsAreThere = helmIsThere && kubectlIsThere;
const otherwise = toolsAreThere ? "" : " (skipped: helm and kubectl are not both on the PATH)";

describe.skipIf(!toolsAreThere)(`the chart's accounts${otherwise}`, () => {
  const stop = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), "accounts-"));
  const transports: Transport[] = [];
  const forbidden: string[] = [];
  const log: Log = {
    info: () => undefined,
    error: (fields) => {
      const { err } = fields as { err?: unknown };
      if (err instanceof ForbiddenError) forbidden.push(err.message);
    },
  };
  let api: RunningApi;
  let operator: { readonly stopped: Promise<void> };

  /** By token alone: with a client certificate of the person who runs this, it would be that person. */
  const clientOf = async (account: string): Promise<KubeClient> => {
    const { baseUrl, tls } = await clusterConfig();
    const { ca, servername } = tls ?? {};
    const token = tokenOf(account);
    const transport = httpsTransport({ baseUrl, tls: { ca, servername }, authorization: () => `Bearer ${token}` });
    transports.push(transport);
    return restClient(transport);
  };
  const call = (path: string, init: RequestInit = {}, token = tokenOf("default")): Promise<Response> =>
    fetch(`${api.url}${path}?namespace=${name}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  const stateOf = async (): Promise<string> =>
    ((await (await call("/v1/tasks/one")).json()) as { status: { state: string } }).status.state;
  const untilState = async (...states: string[]): Promise<void> => {
    await expect.poll(stateOf, { timeout: 60_000, interval: 500 }).toSatisfy((state: string) => states.includes(state));
  };

  beforeAll(async () => {
    // Nothing of what there can be only one of in a cluster, and a queue that no other operator serves.
    const values = {
      fullnameOverride: name,
      controllerName: `test/${name}`,
      operator: { replicas: 0 },
      api: { replicas: 0 },
      rbac: { userRoles: false },
      defaultQueue: { create: false },
    };
    helm(["install", name, chart, "--namespace", name, "--create-namespace", "--values", "-"], JSON.stringify(values));
    const queue = { apiVersion: "traintask.dev/v1alpha1", kind: "TrainQueue", metadata: { name } };
    const spec = { controllerName: values.controllerName, maxRunning: 1 };
    execFileSync("kubectl", ["create", "-f", "-"], { input: JSON.stringify({ ...queue, spec }) });
    kubectl(
      "create",
      "rolebinding",
      "all",
      "--namespace",
      name,
      "--clusterrole=cluster-admin",
      `--serviceaccount=${name}:default`,
    );
    kubectl("create", "serviceaccount", "--namespace", name, "stranger");
    const common = { clock, log, signal: stop.signal };
    const settings = {
      controllerName: values.controllerName,
      identity: name,
      namespace: name,
      leaderElection: true,
      maxRunningDefault: 1,
      apiUrl: "https://nowhere.invalid",
      ca: "",
      trainerImage: "traintask-trainer:0.1.0",
      maxModelBytes: 1 << 20,
    };
    operator = startOperator({ ...common, client: await clientOf(`${name}-operator`), settings });
    const apiClient = await clientOf(`${name}-api`);
    api = await startApi({ ...common, client: apiClient, settings: apiSettings({ port: 0, dataDir: folder }) });
  });
  afterAll(async () => {
    stop.abort();
    await Promise.all([api.close(), operator.stopped]);
    await Promise.all(transports.map((transport) => transport.close()));
    helm(["uninstall", name, "--namespace", name]);
    kubectl("delete", "trainqueue", name);
    kubectl("delete", "namespace", name, "--wait=false");
    rmSync(folder, { recursive: true });
  });

  it("suffice to submit, admit, suspend, go on, cancel and delete a task", async () => {
    const spec = {
      queue: name,
      trainer: { randomForest: { nEstimators: 5 } },
      dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
    };
    const body = JSON.stringify({ metadata: { name: "one" }, spec });
    const isReady = async (): Promise<number> => (await fetch(`${api.url}/readyz`)).status;
    await expect.poll(isReady, { timeout: 30_000 }).toBe(200);
    expect((await call("/v1/tasks", { method: "POST", body })).status).toBe(201);
    await untilState("Starting", "Running", "Finishing");
    expect((await call("/v1/tasks/one/suspend", { method: "POST" })).status).toBe(200);
    await untilState("Suspended");
    expect((await call("/v1/tasks/one/resume", { method: "POST" })).status).toBe(200);
    await untilState("Starting", "Running", "Finishing");
    expect((await call("/v1/tasks/one/cancel", { method: "POST" })).status).toBe(200);
    await untilState("Cancelled");
    expect((await call("/v1/tasks/one", { method: "DELETE" })).status).toBe(204);
    expect(forbidden).toEqual([]);
  });

  it("let nobody in without a permission", async () => {
    expect((await call("/v1/tasks", {}, "nonsense")).status).toBe(401);
    expect((await call("/v1/tasks", {}, tokenOf("stranger"))).status).toBe(403);
  });
});
