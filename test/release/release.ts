/**
 * A release of the chart on a real cluster, with the images of this tree and default values: what a test of the whole
 * talks to. It is installed by the first test that asks for it, and the later ones find it there.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { systemClock as clock } from "../../kube/clock.ts";
import type { KubeClient } from "../../kube/client.ts";
import { clusterConfig } from "../../kube/config.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { type KubeObject, type Pod, pods, type Resource } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import { trainTasks } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { command } from "../cluster/command.ts";
import { chart } from "../chart/helm.ts";
import { type Door, doorOf } from "./door.ts";

const name = "traintask";
const namespace = "traintask";
const { TRAINTASK_IMAGE: image, TRAINTASK_TRAINER_IMAGE: trainerImage } = process.env;

const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;
const missing = [
  ...(runs("helm", "version") && runs("kubectl", "version", "--client") ? [] : ["helm and kubectl on the PATH"]),
  ...(image === undefined || trainerImage === undefined ? ["TRAINTASK_IMAGE and TRAINTASK_TRAINER_IMAGE"] : []),
  ...(process.env["TRAINTASK_NO_KUBELET"] === undefined ? [] : ["a node that runs containers"]),
];
/** For describe.skipIf. */
export const cannotInstall = missing.length > 0;
/** For the names of tests that are then skipped. */
export const unlessInstallable = cannotInstall ? ` (skipped: needs ${missing.join(" and ")})` : "";

export interface Release {
  /** Where operator and API are. */
  readonly namespace: string;
  /** The cluster's administrator. */
  readonly client: KubeClient;
  /** As the administrator. Nothing else happens meanwhile, so nothing that takes long. @returns what it printed */
  kubectl(...args: string[]): string;
  /** @param values for `--values -`. @returns what it printed */
  helm(args: readonly string[], values?: object): Promise<string>;
  /** A new namespace at the PodSecurity level `restricted`, which goes with `leave`. @returns its name */
  aNamespace(prefix: string): Promise<string>;
  /** Makes an account that may submit tasks in the namespace. @returns its token */
  scientist(namespace: string): string;
  /** A token of an account that is there, for the audience of the API. */
  token(namespace: string, account: string): string;
  /** A call to the API, by its own certificate; repeated while nobody listens. */
  call(path: string, init?: RequestInit, options?: { token?: string }): Promise<Response>;
  /** @param manifest an object or YAML */
  apply(manifest: object | string): Promise<void>;
  /** The task as soon as it is in one of the states. @throws Error when it ends otherwise, or takes three minutes */
  untilState(namespace: string, task: string, ...states: string[]): Promise<TrainTask>;
  /** The one that is ready. */
  pod(component: "operator" | "api"): Promise<Pod>;
  /** Deletes this test's namespaces, without waiting for it, and hangs up. The release stays. */
  leave(): Promise<void>;
}

/** The release, installed if need be, or brought to the chart and the images of now. */
export async function theRelease(): Promise<Release> {
  await install();
  const transport = httpsTransport(await clusterConfig());
  const client = restClient(transport);
  const door = await theDoor(client);
  const made: string[] = [];
  return {
    namespace,
    client,
    kubectl,
    helm,
    async aNamespace(prefix) {
      const own = `${prefix}-${randomBytes(3).toString("hex")}`;
      made.push(own);
      await makeNamespace(own);
      return own;
    },
    scientist,
    token,
    call: (path, init = {}, options = {}) => {
      const headers = new Headers(init.headers);
      if (options.token !== undefined) headers.set("authorization", `Bearer ${options.token}`);
      return door.call(path, { ...init, headers });
    },
    apply,
    untilState: (where, task, ...states) => untilState(client, { namespace: where, name: task }, states),
    pod: (component) => readyPod(client, component),
    async leave() {
      if (made.length > 0) kubectl("delete", "namespace", "--wait=false", "--ignore-not-found", ...made);
      door.close();
      await transport.close();
    },
  };
}

/** Values that name the images; everything else is the chart's default. */
export function imageValues(): { image: object; trainerImage: object } {
  const parts = (whole = ""): object => ({
    repository: whole.replace(/:[^:/]*$/, ""),
    tag: /:([^:/]*)$/.exec(whole)?.[1] ?? "",
  });
  return { image: parts(image), trainerImage: parts(trainerImage) };
}

/** Makes a namespace that takes restricted pods alone, unless it is there. */
export async function makeNamespace(name: string): Promise<void> {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  // Pods need the account that Kubernetes makes for each namespace.
  await eventually(`the account of namespace ${name}`, () =>
    runs("kubectl", "get", "serviceaccount", "default", "--namespace", name) ? true : undefined,
  );
}

async function install(): Promise<void> {
  await makeNamespace(namespace);
  // By Helm's name, as docs/install.md says to upgrade them.
  const crds = ["--server-side", "--field-manager=helm", "--force-conflicts", "-f", join(chart, "crds")];
  await command(["kubectl", "apply", ...crds]);
  // A run that was killed may have left it half installed.
  const pending = await helm(["list", "--pending", "--short", "--namespace", namespace]);
  if (pending.trim() === name) await helm(["uninstall", name, "--namespace", namespace, "--wait"]);
  const options = ["--namespace", namespace, "--wait", "--timeout", "3m", "--values", "-"];
  await helm(["upgrade", "--install", name, chart, ...options], imageValues());
}

function kubectl(...args: string[]): string {
  return execFileSync("kubectl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

const helm = (args: readonly string[], values: object = {}): Promise<string> =>
  command(["helm", ...args], { input: JSON.stringify(values), timeoutMs: 240_000 });

async function apply(manifest: object | string): Promise<void> {
  const input = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
  await command(["kubectl", "apply", "-f", "-"], { input });
}

const token = (where: string, account: string): string =>
  kubectl("create", "token", "--audience", "traintask.dev", "--namespace", where, account);

function scientist(where: string): string {
  const account = "scientist";
  kubectl("create", "serviceaccount", account, "--namespace", where);
  const role = ["--clusterrole=traintask.dev:submitter", `--serviceaccount=${where}:${account}`];
  kubectl("create", "rolebinding", account, "--namespace", where, ...role);
  return token(where, account);
}

const core = { group: "", version: "v1", namespaced: true } as const;
const secrets: Resource = { ...core, plural: "secrets", kind: "Secret" };
const services: Resource = { ...core, plural: "services", kind: "Service" };

async function theDoor(client: KubeClient): Promise<Door> {
  const service = `${name}-api`;
  const { data } = await client.get<KubeObject & { data: Record<string, string> }>(secrets, {
    namespace,
    name: `${service}-tls`,
  });
  const { spec } = await client.get<KubeObject & { spec: { clusterIP: string } }>(services, {
    namespace,
    name: service,
  });
  return doorOf({
    namespace,
    service,
    address: process.env["TRAINTASK_IN_NETWORK"] === undefined ? undefined : spec.clusterIP,
    authority: Buffer.from(data["ca.crt"] ?? "", "base64").toString(),
  });
}

const terminal = ["Succeeded", "Failed", "Cancelled"];

async function untilState(
  client: KubeClient,
  key: { namespace: string; name: string },
  states: readonly string[],
): Promise<TrainTask> {
  let last: TrainTask["status"];
  const wanted = `${key.namespace}/${key.name} is ${states.join(" or ")}`;
  return eventually(wanted, async () => {
    const task = await client.get<KubeObject & TrainTask>(trainTasks, key);
    last = task.status;
    const state = last?.state ?? "";
    if (states.includes(state)) return task;
    if (terminal.includes(state)) throw new Error(`waited until ${wanted}: ${JSON.stringify(last)}`);
    return undefined;
  }).catch((cause: unknown) => {
    throw new Error(`it is not so that ${wanted}; its status: ${JSON.stringify(last)}`, { cause });
  });
}

const readyPod = (client: KubeClient, component: string): Promise<Pod> =>
  eventually(`a pod of the ${component} is ready`, async () => {
    const labelSelector = `app.kubernetes.io/instance=${name},app.kubernetes.io/component=${component}`;
    const { items } = await client.list<Pod & KubeObject>(pods, { namespace, labelSelector });
    return items.find(
      ({ metadata, status }) =>
        metadata?.deletionTimestamp === undefined &&
        status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
  });

/** Asks again and again until there is an answer. @throws Error after three minutes */
export async function eventually<T>(awaited: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const until = clock.monotonic() + 180_000; clock.monotonic() < until; await clock.sleep(200)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`waited three minutes in vain until ${awaited}`);
}
