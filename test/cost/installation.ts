/**
 * The chart without its pods: operator and API run beside it as processes, made from the bundles that the images carry,
 * with the arguments, the environment and the service accounts that the chart gives them. So they can be measured and
 * killed on a cluster whose nodes are pretended. Each installation has a name of its own.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { KubeClient } from "../../kube/client.ts";
import { clusterConfig } from "../../kube/config.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import type { KubeObject, Resource } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport, TransportRequest } from "../../kube/transport.ts";
import { bundle } from "../../scripts/bundle.ts";
import { chart, containerOf, helm, type Rendered } from "../chart/helm.ts";
import { lineOf, startProgram, type Program } from "./program.ts";

export interface Installation {
  /** Of release, its namespace and its queue. */
  readonly name: string;
  /** Where tasks are submitted: the release's own namespace takes no containers. */
  readonly namespace: string;
  /** The cluster's administrator. */
  readonly client: KubeClient;
  readonly operator: Program;
  readonly api: Program;
  /** A call of the API by a person who may do everything here, or by the bearer of this token. */
  call(request: TransportRequest, token?: string): Promise<Answer>;
  /** Kills a program and starts another one in its place. */
  restart(program: "operator" | "api"): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const deployments: Resource = {
  group: "apps",
  version: "v1",
  plural: "deployments",
  kind: "Deployment",
  namespaced: true,
};
const secrets: Resource = { group: "", version: "v1", plural: "secrets", kind: "Secret", namespaced: true };

const kubectl = (args: readonly string[], input = ""): string =>
  execFileSync("kubectl", args, { encoding: "utf8", input }).trim();

/** @param maxRunning of the queue */
export async function install({ maxRunning }: { maxRunning: number }): Promise<Installation> {
  const name = `cost-${randomUUID().slice(0, 8)}`;
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const config = await clusterConfig();
  const transport = httpsTransport({ ...config, maxSockets: 32, maxStreams: 64 });
  const client = restClient(transport);
  installChart(name, maxRunning);
  await bundle(join(folder, "app"), ["operator", "api"]);
  const certificate = await writeCertificate(client, { name, folder });
  const run = { name, folder, client, cluster: { server: config.baseUrl, ca: String(config.tls?.ca) } };
  const programs = { operator: await startOne(run, "operator"), api: await startOne(run, "api") };
  const person = tokenOf(name, "default");
  let door = await openDoor(programs.api, certificate);
  return {
    name,
    namespace: tasksOf(name),
    client,
    get operator() {
      return programs.operator;
    },
    get api() {
      return programs.api;
    },
    call: (request, token = person) => answerOf(door, { ...request, token }),
    async restart(program) {
      await programs[program].stop("SIGKILL");
      programs[program] = await startOne(run, program);
      if (program === "operator") return;
      await door.close();
      door = await openDoor(programs.api, certificate);
    },
    async close() {
      await Promise.all([programs.operator.stop(), programs.api.stop(), door.close()]);
      helm(["uninstall", name, "--namespace", name]);
      kubectl(["delete", "trainqueue", name]);
      kubectl(["delete", "namespace", name, tasksOf(name), "--wait=false"]);
      await transport.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What there can be only one of in a cluster is left out. */
function installChart(name: string, maxRunning: number): void {
  const controllerName = `test/${name}`;
  const values = {
    fullnameOverride: name,
    controllerName,
    operator: { replicas: 0 },
    api: { replicas: 0 },
    rbac: { userRoles: false },
    defaultQueue: { create: false },
  };
  helm(["install", name, chart, "--namespace", name, "--create-namespace", "--values", "-"], JSON.stringify(values));
  const queue = { apiVersion: "traintask.dev/v1alpha1", kind: "TrainQueue", metadata: { name } };
  kubectl(["create", "-f", "-"], JSON.stringify({ ...queue, spec: { controllerName, maxRunning } }));
  const person = ["--clusterrole=cluster-admin", `--serviceaccount=${name}:default`];
  kubectl(["create", "namespace", tasksOf(name)]);
  kubectl(["create", "rolebinding", "person", "--namespace", tasksOf(name), ...person]);
}

const tasksOf = (name: string): string => `${name}-tasks`;

const tokenOf = (namespace: string, account: string): string =>
  kubectl(["create", "token", "--duration=24h", "--namespace", namespace, account]);

/** @returns the authority's certificate */
async function writeCertificate(
  client: KubeClient,
  { name, folder }: { name: string; folder: string },
): Promise<string> {
  const secret = { namespace: name, name: `${name}-api-tls` };
  const { data } = await client.get<KubeObject & { data: Record<string, string> }>(secrets, secret);
  mkdirSync(join(folder, "tls"));
  for (const [file, text] of Object.entries(data))
    writeFileSync(join(folder, "tls", file), text, { encoding: "base64" });
  return Buffer.from(data["ca.crt"] ?? "", "base64").toString();
}

interface Run {
  readonly name: string;
  readonly folder: string;
  readonly client: KubeClient;
  readonly cluster: { readonly server: string; readonly ca: string };
}

/** What the pod would find under these paths lies in our folder. */
async function startOne({ name, folder, client, cluster }: Run, program: "operator" | "api"): Promise<Program> {
  const account = `${name}-${program}`;
  const deployment = await client.get<KubeObject & Rendered>(deployments, { namespace: name, name: account });
  const { args = [], env = [] } = containerOf(deployment);
  const local = (text: string): string =>
    text.replace(/^\/(app|data)\b/, join(folder, "$1")).replace(/^\/etc\/traintask\b/, folder);
  const given = env.map(({ name: variable, value }): [string, string] => [variable, local(value ?? name)]);
  const kubeconfig = join(folder, `${program}.kubeconfig`);
  writeFileSync(kubeconfig, kubeconfigFor(cluster, tokenOf(name, account)), { mode: 0o600 });
  const started = startProgram({
    args: args.map(local),
    env: {
      ...Object.fromEntries(given),
      TRAINTASK_PORT: "0",

      NODE_ENV: "production",
      KUBECONFIG: kubeconfig,
    },
    log: join(folder, `${program}-${Date.now()}.log`),
  });
  await lineOf(started, program === "operator" ? "the operator acts" : "the API is open");
  return started;
}

function kubeconfigFor({ server, ca }: Run["cluster"], token: string): string {
  const cluster = { server, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "it", cluster }],
    users: [{ name: "it", user: { token } }],
    contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
    "current-context": "it",
  });
}

/** By the address that its log names, and once it is ready. */
async function openDoor(api: Program, ca: string): Promise<Transport> {
  const { url } = await lineOf(api, "the API is open");
  const door = httpsTransport({ baseUrl: String(url), tls: { ca }, maxSockets: 16 });
  for (let tries = 0; (await answerOf(door, { method: "GET", path: "/readyz" })).status !== 200; tries += 1) {
    if (tries > 300) throw new Error("the API does not become ready");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return door;
}

async function answerOf(
  door: Transport,
  { token, ...request }: TransportRequest & { token?: string },
): Promise<Answer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { status, body } = await door.send({ ...request, headers: { ...authorization, ...request.headers } });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return { status, text: Buffer.concat(pieces).toString() };
}
