/**
 * A release of the chart on a real cluster, with the images of this tree and default values: what a test of the whole
 * talks to. It is installed by the first test that asks for it, and the later ones find it there.
 */
import { randomBytes } from "node:crypto";
import type { KubeClient } from "../../kube/client.ts";
import { clusterConfig } from "../../kube/config.ts";
import { httpsTransport } from "../../kube/https-transport.ts";
import { type KubeObject, type Pod, pods, type Resource } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import { trainTasks } from "../../traintask/names.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { apply, cannotInstall, eventually, helm, kubectl, makeNamespace, unlessInstallable } from "./administrator.ts";
import { type Door, doorOf } from "./door.ts";
import { install, name, namespace } from "./installation.ts";

export { cannotInstall, eventually, unlessInstallable };

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
  return joinRelease();
}

/** The release as it is. */
export async function joinRelease(): Promise<Release> {
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
