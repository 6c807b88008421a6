/** Tokens, roles and their end as a real Kubernetes decides them, for every call for people. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import type { KubeObject, Resource } from "../../kube/objects.ts";
import { call, until } from "../../test/api/stack.ts";
import { serviceAccounts } from "../../test/builders/kinds.ts";
import { ask } from "../../test/contract/ask.ts";
import { joinRealCluster } from "../../test/contract/real-harness.ts";
import type { RealCluster } from "../../test/contract/real-harness.ts";
import { chartDefinitions } from "../../test/rule-cases/chart-definitions.ts";
import { group, trainQueues, trainTasks } from "../../traintask/names.ts";
import type { Api } from "../api.ts";
import { routes } from "../routes.ts";
import type { Route } from "../routes.ts";
import { startApi } from "../server.ts";
import type { RunningApi } from "../server.ts";
import { apiSettings } from "../settings.ts";
import { ruleFor } from "./verbs.ts";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1", namespaced: true } as const;
const roles: Resource = { ...rbac, plural: "roles", kind: "Role" };
const roleBindings: Resource = { ...rbac, plural: "rolebindings", kind: "RoleBinding" };

const dataDir = mkdtempSync(path.join(tmpdir(), "traintask-real-access-"));
let cluster: RealCluster;
let api: RunningApi;
let namespace: string;
beforeAll(async () => {
  cluster = await joinRealCluster({ kubeconfig: process.env["KUBECONFIG"], shellImage: "none" });
  const [tasks = "", queues = ""] = chartDefinitions();
  await cluster.serve(tasks, trainTasks);
  await cluster.serve(queues, trainQueues);
  namespace = await cluster.harness.namespace();
  const addTask = { ...apiSettings({ dataDir }).addTask, metadata: { namespace } };
  const settings = apiSettings({ access: "kubernetes", port: 0, dataDir, addTask });
  const { client } = cluster.harness;
  api = await startApi({ client, clock: systemClock, log: silentLog, settings, signal: new AbortController().signal });
});
afterAll(async () => {
  await api.close();
  await cluster.leave();
  rmSync(dataDir, { recursive: true });
});

/** A service account that may do just this, and a token of it. */
async function somebody(
  name: string,
  may: { verb: string; resource: string },
  audiences: string[] = [],
): Promise<string> {
  const { client } = cluster.harness;
  const metadata = { name, namespace };
  await client.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
  const apiVersion = `${rbac.group}/v1`;
  const rules = [{ apiGroups: [group], resources: [may.resource], verbs: [may.verb] }];
  await client.create(roles, { apiVersion, kind: "Role", metadata, rules } as KubeObject);
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const roleRef = { apiGroup: rbac.group, kind: "Role", name };
  await client.create(roleBindings, { apiVersion, kind: "RoleBinding", metadata, subjects, roleRef } as KubeObject);
  return tokenOf(name, audiences);
}

async function tokenOf(name: string, audiences: string[]): Promise<string> {
  const reply = await ask(cluster.harness, `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    method: "POST",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { audiences } },
  });
  return reply.json<{ status: { token: string } }>().status.token;
}

async function statusOf({ method, path: template }: Pick<Route, "method" | "path">, token: string): Promise<number> {
  const where = template.replaceAll(/:\w+/g, "nothing");
  const body = ["get", "delete"].includes(method) ? {} : { body: {} };
  const what = `${method.toUpperCase()} ${where}?namespace=${namespace}`;
  return (await call(api.port, what, { headers: { authorization: `Bearer ${token}` }, ...body })).status;
}

const forPeople = routes({} as Api).flatMap((route) => {
  const rule = ruleFor(route);
  if (rule.who !== "permitted") return [];
  const resource = rule.subresource === undefined ? "traintasks" : `traintasks/${rule.subresource}`;
  return [{ ...route, verb: rule.verb, resource, right: `${rule.verb} ${resource}` }];
});
const rights = new Map(forPeople.map(({ right, verb, resource }) => [right, { verb, resource }]));

describe("a Role that allows one verb on one resource", () => {
  for (const [index, [right, may]] of [...rights].entries())
    it(`(${right}) opens the calls that need it, and no other`, async () => {
      const token = await somebody(`may-${index}`, may, index % 2 === 0 ? [] : [group]);
      const opened: string[] = [];
      for (const one of forPeople) {
        const status = await statusOf(one, token);
        expect(status, one.path).not.toBe(401);
        if (status !== 403) opened.push(`${one.method} ${one.path}`);
      }
      const wanted = forPeople.filter((one) => one.right === right).map((one) => `${one.method} ${one.path}`);
      expect(opened).toEqual(wanted);
    });
});

describe("a token", () => {
  const list = { method: "get", path: "/v1/tasks" } as const;

  it("for another audience, or for a task's pod, opens nothing", async () => {
    await somebody("elsewhere", { verb: "list", resource: "traintasks" });
    const audiences = ["somebody.example", `${group}/namespaces/${namespace}/traintasks/iris`];
    for (const audience of audiences) expect(await statusOf(list, await tokenOf("elsewhere", [audience]))).toBe(401);
  });

  it("opens nothing any more soon after its right is taken away, and after its account is deleted", async () => {
    const token = await somebody("leaving", { verb: "list", resource: "traintasks" });
    expect(await statusOf(list, token)).toBe(200);
    await cluster.harness.client.delete(roleBindings, { namespace, name: "leaving" });
    await until(async () => (await statusOf(list, token)) === 403, 30_000);
    await cluster.harness.client.delete(serviceAccounts, { namespace, name: "leaving" });
    await until(async () => (await statusOf(list, token)) === 401, 60_000);
  });
});
