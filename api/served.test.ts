/** An API that watches two namespaces of three, and says so to who asks about the third. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack, until } from "../test/api/stack.ts";
import type { Answer, Stack } from "../test/api/stack.ts";
import { namespaces } from "../kube/objects.ts";
import type { KubeObject } from "../kube/objects.ts";
import { trainTasks } from "../traintask/names.ts";
import { aManifest } from "../test/builders/objects.ts";

const spec = {
  trainer: { randomForest: { nEstimators: 5 } },
  dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
} as const;

let stack: Stack;
const asked: string[] = [];
beforeAll(async () => {
  stack = await startStack({
    settings: { watchNamespaces: ["team-a", "team-b"] },
    wrap: (send) => (request) => {
      asked.push(request.path);
      return send(request);
    },
  });
  for (const name of ["team-a", "team-b", "team-c"]) {
    await stack.client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const metadata = { namespace: name, name: "there" };
    await stack.client.create(trainTasks, aManifest({ metadata }) as KubeObject);
  }
  await until(async () => (await stack.call("GET /v1/counts")).at("/total") === 2);
});
afterAll(async () => {
  await stack.close();
});

/** What is said of a namespace that is not served. */
function isNotServed(answer: Answer, namespace: string): void {
  expect(answer.status).toBe(404);
  expect(answer.at("/detail")).toContain(
    `This installation does not serve namespace ${namespace}, but team-a, team-b.`,
  );
}

describe("an API that watches some namespaces", () => {
  it("asks the API server about these alone", () => {
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((path) => !/\/namespaces\/team-[ab]\//.test(path))).toEqual([]);
  });

  it("lists and counts their tasks", async () => {
    for (const namespace of ["team-a", "team-b"]) {
      expect((await stack.call(`GET /v1/tasks?namespace=${namespace}`)).at("/items/0/metadata/name")).toBe("there");
      expect((await stack.call(`GET /v1/counts?namespace=${namespace}`)).at("/total")).toBe(1);
    }
  });

  it("names the versions of each where it counts all, and of the one that it counts", async () => {
    const all = await stack.call("GET /v1/counts");
    const [a, b] = ["team-a", "team-b"].map((namespace) => all.at(`/resourceVersions/namespaces/${namespace}/tasks`));
    expect(Number(a)).toBeLessThan(Number(b));
    expect(all.at("/resourceVersions/tasks")).toBe(a);
    expect((await stack.call("GET /v1/counts?namespace=team-b")).at("/resourceVersions/tasks")).toBe(b);
  });

  it("says of another one that it does not serve it, whatever is asked", async () => {
    const calls = [
      "GET /v1/tasks",
      "GET /v1/tasks/there",
      "GET /v1/counts",
      "DELETE /v1/tasks/there",
      "GET /v1/datasets",
    ];
    for (const call of calls) isNotServed(await stack.call(`${call}?namespace=team-c`), "team-c");
    isNotServed(await stack.call("POST /v1/tasks/there/cancel?namespace=team-c", { body: {} }), "team-c");
    const headers = { "content-type": "text/csv" };
    isNotServed(await stack.call("PUT /v1/datasets?namespace=team-c", { headers, body: "a,b\n1,2\n" }), "team-c");
  });

  it("says so of the namespace that is meant when none is named", async () => {
    isNotServed(await stack.call("GET /v1/tasks"), "default");
    const answer = await stack.call("GET /AddTask");
    isNotServed(answer, "default");
    expect(answer.at("/detail")).toContain("of its template");
  });

  it("takes a task for one of them and refuses it for another, also where only the task says which", async () => {
    const submit = (namespace: string): Promise<Answer> =>
      stack.call("POST /v1/tasks", { body: { metadata: { namespace, name: "sent" }, spec } });
    expect((await submit("team-b")).status).toBe(201);
    isNotServed(await submit("team-c"), "team-c");
    expect(asked.filter((path) => path.includes("team-c"))).toEqual([]);
  });
});
