/**
 * What a person, a page or a broken client may send: each is refused by a problem document that names the field or
 * the row, the server goes on, and nothing is stored. What can only be judged in the pod is tested with the trainer.
 */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainTasks } from "../traintask/names.ts";
import { startStack } from "./api/stack.ts";
import type { Answer, CallOptions, Stack } from "./api/stack.ts";

interface Case extends CallOptions {
  readonly what: string;
  readonly status: number;
  /** Found in the problem document: the pointer, parameter, header, row or sentence that says what is wrong. */
  readonly names: string;
}

const trainer = { randomForest: {} };
const dataset = { synthetic: {} };
const json = { "content-type": "application/json" };
const yaml = { "content-type": "application/yaml" };
const csv = { "content-type": "text/csv" };
const task = (spec: object, metadata: object = {}): object => ({ metadata, spec });
const post = { what: "POST /v1/tasks" };
const put = { what: "PUT /v1/datasets", headers: csv };
const bomb =
  "a: &a [x, x, x, x, x, x, x, x, x]\n" +
  [..."bcdefgh"].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")}]\n`).join("");

const cases: Record<string, Case> = {
  // What is no document.
  "an empty body": { ...post, headers: json, body: "", status: 400, names: "it is empty" },
  "JSON that is cut off": { ...post, headers: json, body: '{"spec": {', status: 400, names: "not JSON" },
  "JSON with a trailing comma": { ...post, headers: json, body: '{"spec": {},\n}', status: 400, names: "line 2" },
  "NaN, which JSON does not have": { ...post, headers: json, body: '{"spec": NaN}', status: 400, names: "not JSON" },
  "a number too large to be finite": {
    ...post,
    headers: json,
    body: '{"spec": {"seed": 1e999}}',
    status: 400,
    names: "/spec/seed",
  },
  "a key that stands twice": {
    ...post,
    headers: json,
    body: '{"spec": {"seed": 1, "trainer": {}, "seed": 2}}',
    status: 400,
    names: "/spec/seed",
  },
  "a key __proto__": {
    ...post,
    headers: json,
    body: '{"spec": {"__proto__": {"cancel": true}}}',
    status: 400,
    names: "__proto__",
  },
  "nesting without end": {
    ...post,
    headers: json,
    body: "[".repeat(50_000) + "]".repeat(50_000),
    status: 400,
    names: "nested",
  },
  "bytes that are no text": {
    ...post,
    headers: json,
    body: new Uint8Array([0x22, 0xff, 0x22]),
    status: 400,
    names: "UTF-8",
  },
  "a list in place of a task": { ...post, body: [1, 2], status: 400, names: "must be an object" },
  "null in place of a task": { ...post, headers: json, body: "null", status: 400, names: "must be an object" },
  "a body of 2 MB": { ...post, headers: json, body: `"${"x".repeat(2_000_000)}"`, status: 413, names: "larger than" },
  "YAML with a bad indent": { ...post, headers: yaml, body: "spec:\n  a: 1\n b: 2\n", status: 400, names: "line" },
  "YAML with a tab": { ...post, headers: yaml, body: "spec:\n\ttrainer: {}\n", status: 400, names: "not YAML" },
  "two YAML documents": { ...post, headers: yaml, body: "a: 1\n---\nb: 2\n", status: 400, names: "one YAML document" },
  "YAML aliases that grow to billions": { ...post, headers: yaml, body: bomb, status: 400, names: "YAML" },
  "YAML with a key twice": { ...post, headers: yaml, body: "spec: {}\nspec: {}\n", status: 400, names: "line 2" },
  "YAML's .nan": { ...post, headers: yaml, body: "spec: {seed: .nan}\n", status: 400, names: "/spec/seed" },
  "YAML with a tag of JavaScript": {
    ...post,
    headers: yaml,
    body: "spec: !!js/function 'x'\n",
    status: 400,
    names: "tag",
  },
  "YAML nested without end": { ...post, headers: yaml, body: "[".repeat(20_000), status: 400, names: "YAML" },

  // What is no task.
  "no spec": { ...post, body: {}, status: 422, names: "/spec" },
  "a spec that is a text": { ...post, body: { spec: "forest" }, status: 422, names: "/spec" },
  "no trainer": { ...post, body: task({ dataset }), status: 422, names: "/spec/trainer" },
  "two trainers": {
    ...post,
    body: task({ trainer: { randomForest: {}, container: { image: "x" } }, dataset }),
    status: 422,
    names: "exactly one trainer",
  },
  "a trainer that is not supported yet": {
    ...post,
    body: task({ trainer: { gradientBoosting: {} }, dataset }),
    status: 422,
    names: "not supported yet",
  },
  "an unknown field": { ...post, body: task({ trainer, dataset, colour: 1 }), status: 400, names: "/spec/colour" },
  "an unknown field deep inside": {
    ...post,
    body: task({ trainer: { randomForest: { nTrees: 5 } }, dataset }),
    status: 400,
    names: "/spec/trainer/randomForest/nTrees",
  },
  "a text for a number": {
    ...post,
    body: task({ trainer: { randomForest: { nEstimators: "many" } }, dataset }),
    status: 422,
    names: "/spec/trainer/randomForest/nEstimators",
  },
  "a fraction for an integer": {
    ...post,
    body: task({ trainer, dataset, shards: 1.5 }),
    status: 422,
    names: "/spec/shards",
  },
  "no trees": {
    ...post,
    body: task({ trainer: { randomForest: { nEstimators: 0 } }, dataset }),
    status: 422,
    names: "nEstimators",
  },
  "a billion trees": {
    ...post,
    body: task({ trainer: { randomForest: { nEstimators: 1e9 } }, dataset }),
    status: 422,
    names: "nEstimators",
  },
  "a seed beyond 2^53": {
    ...post,
    headers: json,
    body: '{"spec": {"trainer": {"randomForest": {}}, "dataset": {"synthetic": {}}, "seed": 9007199254740993}}',
    status: 422,
    names: "/spec/seed",
  },
  "no dataset": { ...post, body: task({ trainer }), status: 422, names: "dataset is required" },
  "two data sources": {
    ...post,
    body: task({ trainer, dataset: { synthetic: {}, csv: "a\n1\n", target: "a" } }),
    status: 422,
    names: "exactly one data source",
  },
  "no target": { ...post, body: task({ trainer, dataset: { csv: "a,b\n1,2\n" } }), status: 422, names: "target" },
  "an inline table of 100 KB": {
    ...post,
    body: task({ trainer, dataset: { csv: "x".repeat(100_000), target: "a" } }),
    status: 422,
    names: "/spec/dataset/csv",
  },
  "a dataset that is not there": {
    ...post,
    body: task({ trainer, dataset: { uri: `traintask://datasets/sha256:${"0".repeat(64)}`, target: "a" } }),
    status: 422,
    names: "/spec/dataset/uri",
  },
  "a digest that is none": {
    ...post,
    body: task({ trainer, dataset: { uri: "traintask://datasets/1", target: "a" } }),
    status: 422,
    names: "uri",
  },
  "another kind": { ...post, body: { kind: "Pod", ...task({ trainer, dataset }) }, status: 400, names: "/kind" },
  "another version": {
    ...post,
    body: { apiVersion: "traintask.dev/v9", ...task({ trainer, dataset }) },
    status: 400,
    names: "/apiVersion",
  },
  "a bad name": { ...post, body: task({ trainer, dataset }, { name: "Iris!" }), status: 422, names: "/metadata/name" },
  "a name of 64 characters": {
    ...post,
    body: task({ trainer, dataset }, { name: "x".repeat(64) }),
    status: 422,
    names: "63",
  },
  "a name that is a number": { ...post, body: task({ trainer, dataset }, { name: 7 }), status: 400, names: "metadata" },
  "metadata that is a list": {
    ...post,
    body: { metadata: [], spec: { trainer, dataset } },
    status: 400,
    names: "/metadata",
  },
  "a bad label": {
    ...post,
    body: task({ trainer, dataset }, { labels: { "a b": "c" } }),
    status: 422,
    names: "labels",
  },
  "two namespaces": {
    what: "POST /v1/tasks?namespace=a",
    body: task({ trainer, dataset }, { namespace: "b" }),
    status: 400,
    names: "/metadata/namespace",
  },
  "a namespace that is not there": {
    what: "POST /v1/tasks?namespace=nowhere",
    body: task({ trainer, dataset }),
    status: 404,
    names: "nowhere",
  },
  "an Idempotency-Key with spaces": {
    ...post,
    headers: { "idempotency-key": "a b" },
    body: task({ trainer, dataset }),
    status: 400,
    names: "idempotency-key",
  },

  // What is no table.
  "an empty table": { ...put, body: "", status: 422, names: "empty" },
  "a header without rows": { ...put, body: "a,b\n", status: 422, names: "no rows" },
  "a ragged row": { ...put, body: "a,b\n1,2\n3\n", status: 422, names: "row 2" },
  "a quote that is not closed": { ...put, body: 'a,b\n1,"2\n', status: 422, names: "never closed" },
  "two columns of one name": { ...put, body: "a,a\n1,2\n", status: 422, names: "twice" },
  "100,000 columns": {
    ...put,
    body: `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",")}\n`,
    status: 422,
    names: "columns",
  },
  "a cell of 5 MB": { ...put, body: `a,b\n1,${"x".repeat(5_000_000)}\n`, status: 422, names: "row 1" },
  "a table that is not UTF-8": { ...put, body: new Uint8Array([0x61, 0x0a, 0xff, 0x0a]), status: 422, names: "UTF-8" },
  "a table as JSON": { what: "PUT /v1/datasets", headers: json, body: "{}", status: 415, names: "text/csv" },

  // What is no call.
  "an unknown path": { what: "GET /v2/tasks", status: 404, names: "/openapi.json" },
  "a path that escapes": { what: "GET /v1/tasks/..%2f..%2fetc", status: 400, names: "name" },
  "a path that cannot be decoded": { what: "GET /v1/tasks/%E0%A4%A", status: 400, names: "decode" },
  "a wrong method": { what: "PUT /v1/tasks", headers: json, body: "{}", status: 405, names: "GET" },
  "HEAD on a call that writes": { what: "HEAD /AddTask", status: 405, names: "" },
  "an unknown parameter": { what: "GET /v1/tasks?namespce=x", status: 400, names: "namespce" },
  "a parameter twice": { what: "GET /v1/tasks?namespace=a&namespace=b", status: 400, names: "namespace" },
  "a limit that is no number": { what: "GET /v1/tasks?limit=ten", status: 400, names: "limit" },
  "a state that does not exist": { what: "GET /v1/tasks?state=Happy", status: 400, names: "state" },
  "a label selector that does not parse": {
    what: "GET /v1/tasks?labelSelector=a%20~%20b",
    status: 400,
    names: "labelSelector",
  },
  "a continue of somebody else": { what: "GET /v1/tasks?continue=abc", status: 400, names: "continue" },
  "a task that is not there": { what: "GET /v1/tasks/nobody", status: 404, names: "nobody" },
  "a patch of something else than the spec": {
    what: "PATCH /v1/tasks/nobody",
    body: { spec: {}, status: {} },
    status: 400,
    names: "/status",
  },
  "a form, as an HTML page would send it": {
    ...post,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "spec=1",
    status: 415,
    names: "content-type",
  },
  "plain text": { ...post, headers: { "content-type": "text/plain" }, body: "{}", status: 415, names: "content-type" },
  "no content type": { ...post, body: new TextEncoder().encode("{}"), status: 415, names: "content-type" },
  "a compressed body": {
    ...post,
    headers: { ...json, "content-encoding": "gzip" },
    body: "x",
    status: 415,
    names: "gzip",
  },
  "a foreign Host": { what: "GET /v1/tasks", headers: { host: "evil.example" }, status: 403, names: "evil.example" },
  "a page from elsewhere": {
    what: "GET /AddTask",
    headers: { "sec-fetch-site": "cross-site" },
    status: 403,
    names: "other sites",
  },
  "a page of a sibling site": {
    what: "GET /AddTask",
    headers: { "sec-fetch-site": "same-site" },
    status: 403,
    names: "other sites",
  },
  "a foreign Origin": {
    ...post,
    headers: { origin: "http://evil.example" },
    body: task({ trainer, dataset }),
    status: 403,
    names: "evil.example",
  },
  "the Origin of a sandbox": {
    ...post,
    headers: { origin: "null" },
    body: task({ trainer, dataset }),
    status: 403,
    names: "null",
  },
  "a chunk without a token": {
    what: "PUT /v1/tasks/nobody/streams/model/0?offset=0",
    body: "x",
    status: 401,
    names: "token",
  },
  "a chunk with a made-up token": {
    what: "PUT /v1/tasks/nobody/streams/model/0?offset=0",
    headers: { authorization: "Bearer x.y.z" },
    body: "x",
    status: 401,
    names: "token",
  },
  "a dataset without a token": { what: `GET /v1/datasets/sha256:${"0".repeat(64)}`, status: 401, names: "token" },
};

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

function expectProblem(answer: Answer, { status, names }: Pick<Case, "status" | "names">): void {
  expect(`${answer.status} ${answer.text}`).toContain(names);
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
}

describe("bad input is refused by a problem document that names what is wrong:", () => {
  for (const [name, one] of Object.entries(cases)) {
    it(name, async () => {
      const { what, status, names, ...options } = one;
      expectProblem(await stack.call(what, options), { status, names });
    });
  }

  it("headers without end", async () => {
    const answer = await raw(`GET /v1/tasks HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [^]*application\/problem\+json[^]*too large/);
  });

  it("what is no HTTP at all", async () => {
    expect(await raw("\u0016\u0003\u0001 hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json/);
  });
});

describe("after all that", () => {
  it("the server answers, and nothing is stored", async () => {
    expect((await stack.call("GET /readyz")).status).toBe(200);
    expect((await stack.client.list(trainTasks)).items).toEqual([]);
    expect((await stack.call("GET /v1/datasets")).at("/items")).toEqual([]);
  });
});

function raw(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(stack.api.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
  socket.on("close", () => resolve(answer));
  socket.on("error", reject);
  socket.write(text);
  return promise;
}
