/**
 * Operator and API with the accounts and roles that the chart gives them, beside a real API server: all that a task
 * needs of them is allowed, and nobody gets in without a token that Kubernetes knows.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ForbiddenError } from "../../kube/errors.ts";
import { jobs, pods } from "../../kube/objects.ts";
import { trainTasks } from "../../traintask/names.ts";
import { kubectl, startAccounts } from "./accounts.ts";
import type { Accounts } from "./accounts.ts";
import { helmIsThere, kubectlIsThere } from "./helm.ts";

const toolsAreThere = helmIsThere && kubectlIsThere;
const otherwise = toolsAreThere ? "" : " (skipped: helm and kubectl are not both on the PATH)";

describe.skipIf(!toolsAreThere)(`the chart's accounts${otherwise}`, () => {
  let accounts: Accounts;
  beforeAll(async () => {
    accounts = await startAccounts();
  });
  afterAll(async () => accounts.close());

  it("suffice to submit, admit, suspend, go on, cancel and delete a task", async () => {
    await accounts.passThroughLife(accounts.name);
    expect(accounts.forbidden).toEqual([]);
  });

  it("let nobody in without a permission", async () => {
    const { call, name, tokenOf } = accounts;
    expect((await call(`/v1/tasks?namespace=${name}`, {}, "nonsense")).status).toBe(401);
    expect((await call(`/v1/tasks?namespace=${name}`, {}, tokenOf("stranger"))).status).toBe(403);
  });
});

describe.skipIf(!toolsAreThere)(`the accounts of a release that watches two namespaces${otherwise}`, () => {
  const watched = ["a", "b"].map((letter) => `watched-${letter}-${randomUUID().slice(0, 8)}`);
  const [first = ""] = watched;
  const other = `other-${randomUUID().slice(0, 8)}`;
  let accounts: Accounts;
  beforeAll(async () => {
    kubectl("create", "namespace", other);
    accounts = await startAccounts(watched);
    const all = ["--clusterrole=cluster-admin", `--serviceaccount=${accounts.name}:default`];
    kubectl("create", "rolebinding", "all", "--namespace", other, ...all);
  });
  afterAll(async () => {
    await accounts.close();
    kubectl("delete", "namespace", other, "--wait=false");
  });

  it("suffice for all that a task needs in each of them", async () => {
    for (const namespace of watched) await accounts.passThroughLife(namespace);
    expect(accounts.forbidden).toEqual([]);
  });

  for (const component of ["operator", "api"]) {
    it(`let the ${component} see nothing in any other namespace, nor in all of them at once`, async () => {
      const client = await accounts.clientOf(component);
      for (const resource of [trainTasks, jobs, pods]) {
        await client.list(resource, { namespace: first, limit: 1 });
        await expect(client.list(resource, { namespace: other, limit: 1 })).rejects.toThrow(ForbiddenError);
        await expect(client.list(resource, { limit: 1 })).rejects.toThrow(ForbiddenError);
      }
    });
  }

  it("say of another namespace that it is not served, to those who may ask about it, and 403 to others", async () => {
    const { call, tokenOf } = accounts;
    const told = await call(`/v1/tasks?namespace=${other}`);
    expect(told.status).toBe(404);
    expect(await told.text()).toContain(watched.join(", "));
    const refused = await call(`/v1/tasks?namespace=${other}`, {}, tokenOf("stranger"));
    expect(refused.status).toBe(403);
    expect(await refused.text()).not.toContain(first);
  });
});
