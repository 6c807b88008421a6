import { describe, expect, it } from "vitest";
import * as errors from "./errors.ts";
import { jobs, leases, namespaces, pods, type KubeObject } from "./objects.ts";
import { restClient, type RestClientOptions } from "./rest-client.ts";
import type { KubeClient } from "./client.ts";
import type { TransportRequest, TransportResponse } from "./transport.ts";

interface Scripted {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A client whose transport notes each request and answers as told. */
function clientThatGets(
  answer: Scripted = {},
  options?: RestClientOptions,
): { client: KubeClient; sent: TransportRequest[]; closed: () => number } {
  const sent: TransportRequest[] = [];
  let closed = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      const { body = {} } = answer;
      yield await Promise.resolve(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)));
    } finally {
      closed += 1;
    }
  }
  const send = (request: TransportRequest): Promise<TransportResponse> => {
    sent.push(request);
    return Promise.resolve({ status: answer.status ?? 200, headers: answer.headers ?? {}, body: bytes() });
  };
  const client = restClient({ send, close: () => Promise.resolve() }, options);
  return { client, sent, closed: () => closed };
}

const strict = "fieldValidation=Strict&fieldManager=traintask";
const web = { namespace: "shop", name: "web" };

describe("the client asks for", () => {
  const cases: Record<string, [call: (client: KubeClient) => Promise<unknown>, method: string, path: string]> = {
    "an object of a core kind": [(c) => c.get(pods, web), "GET", "/api/v1/namespaces/shop/pods/web"],
    "an object of a group": [(c) => c.get(jobs, web), "GET", "/apis/batch/v1/namespaces/shop/jobs/web"],
    "a cluster-scoped object": [(c) => c.get(namespaces, { name: "shop" }), "GET", "/api/v1/namespaces/shop"],
    "a namespace's objects": [(c) => c.list(pods, { namespace: "shop" }), "GET", "/api/v1/namespaces/shop/pods"],
    "all namespaces' objects": [(c) => c.list(pods), "GET", "/api/v1/pods"],
    "one page, selected and consistent": [
      (c) =>
        c.list(pods, {
          labelSelector: "a=b,c in (d)",
          fieldSelector: "x=y",
          limit: 5,
          continue: "t/+",
          resourceVersion: "0",
        }),
      "GET",
      "/api/v1/pods?labelSelector=a%3Db%2Cc%20in%20(d)&fieldSelector=x%3Dy&limit=5&continue=t%2F%2B&resourceVersion=0",
    ],
    "a creation": [(c) => c.create(pods, { metadata: web }), "POST", `/api/v1/namespaces/shop/pods?${strict}`],
    "a creation as another manager, tried only": [
      (c) => c.create(namespaces, { metadata: { name: "x" } }, { fieldManager: "me", dryRun: true }),
      "POST",
      "/api/v1/namespaces?fieldValidation=Strict&fieldManager=me&dryRun=All",
    ],
    "an update": [(c) => c.update(pods, { metadata: web }), "PUT", `/api/v1/namespaces/shop/pods/web?${strict}`],
    "a patch": [(c) => c.patch(pods, web, { body: {} }), "PATCH", `/api/v1/namespaces/shop/pods/web?${strict}`],
    "a patch of the status": [
      (c) => c.patchStatus(jobs, web, { body: {} }),
      "PATCH",
      `/apis/batch/v1/namespaces/shop/jobs/web/status?${strict}`,
    ],
    "a deletion": [(c) => c.delete(pods, web), "DELETE", "/api/v1/namespaces/shop/pods/web"],
  };
  for (const [name, [call, method, path]] of Object.entries(cases)) {
    it(name, async () => {
      const { client, sent } = clientThatGets();
      await call(client);
      expect(sent.map((request) => [request.method, request.path])).toEqual([[method, path]]);
    });
  }

  it("merge patches, or JSON patches where the caller says so", async () => {
    const { client, sent } = clientThatGets();
    await client.patch(pods, web, { body: { a: null } });
    await client.patch(pods, web, { type: "json", body: [] });
    expect(sent.map((request) => [request.headers?.["content-type"], request.body])).toEqual([
      ["application/merge-patch+json", '{"a":null}'],
      ["application/json-patch+json", "[]"],
    ]);
  });

  it("a deletion of this very object, with what becomes of its dependents", async () => {
    const { client, sent } = clientThatGets();
    await client.delete(jobs, web, {
      uid: "u",
      resourceVersion: "7",
      propagationPolicy: "Foreground",
      gracePeriodSeconds: 0,
    });
    await client.delete(jobs, web);
    expect(sent.map((request) => JSON.parse(String(request.body)) as object)).toEqual([
      {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid: "u", resourceVersion: "7" },
        propagationPolicy: "Foreground",
        gracePeriodSeconds: 0,
      },
      { apiVersion: "v1", kind: "DeleteOptions" },
    ]);
  });

  it("nothing under a name that would mean another path: an empty one would delete them all", async () => {
    const { client, sent } = clientThatGets();
    for (const name of ["", ".", ".."]) {
      await expect(client.delete(pods, { namespace: "shop", name })).rejects.toThrow(TypeError);
    }
    await expect(client.delete(pods, { namespace: "", name: "web" })).rejects.toThrow(TypeError);
    await expect(client.delete(pods, { name: "web" })).rejects.toThrow("a namespace is needed");
    await expect(client.create(pods, { metadata: { name: "web" } })).rejects.toThrow("a namespace is needed");
    await expect(client.update(pods, {})).rejects.toThrow("a namespace is needed");
    await client.get(pods, { namespace: "a/b", name: "../c?d" });
    expect(sent.map((request) => request.path)).toEqual(["/api/v1/namespaces/a%2Fb/pods/..%2Fc%3Fd"]);
  });

  it("an answer within 30 seconds, or what the caller says, and until the caller stops", async () => {
    const { client, sent } = clientThatGets();
    const { signal } = new AbortController();
    await client.get(pods, web);
    await client.get(pods, web, { timeoutMs: 5, signal });
    expect(sent[0]).toMatchObject({ timeoutMs: 30_000 });
    expect(sent[1]).toMatchObject({ timeoutMs: 5, signal });
  });
});

describe("warnings", () => {
  it("are handed on with the call that they are about", async () => {
    const heard: unknown[] = [];
    const headers = { warning: '299 - "unknown field \\"spec.x\\"", 299 - "batch/v1beta1 is deprecated"' };
    const { client } = clientThatGets({ headers }, { onWarning: (text, call) => heard.push([text, call.method]) });
    await client.create(leases, { metadata: web });
    expect(heard).toEqual([
      ['unknown field "spec.x"', "POST"],
      ["batch/v1beta1 is deprecated", "POST"],
    ]);
  });
});

describe("a watch", () => {
  const lines = ["a", "b"].map((name) => `{"type":"ADDED","object":{"metadata":{"name":"${name}"}}}\n`).join("");

  it("asks for bookmarks, from a version on, as a stream", async () => {
    const { client, sent } = clientThatGets({ body: lines });
    const names: unknown[] = [];
    for await (const { object } of client.watch<KubeObject>(pods, { resourceVersion: "5", timeoutSeconds: 9 })) {
      names.push(object.metadata?.name);
    }
    expect(names).toEqual(["a", "b"]);
    expect(sent[0]?.path).toBe("/api/v1/pods?watch=1&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=9");
    expect(sent[0]?.stream).toBe(true);
  });

  it("gives its connection back when the reader leaves", async () => {
    const { client, closed } = clientThatGets({ body: lines });
    for await (const _event of client.watch(pods, { resourceVersion: "5" })) break;
    expect(closed()).toBe(1);
  });

  it("throws what the server says instead of a stream", async () => {
    const { client } = clientThatGets({ status: 410 });
    await expect(client.watch(pods, { resourceVersion: "5" })[Symbol.asyncIterator]().next()).rejects.toThrow(
      errors.GoneError,
    );
  });

  it("ends in good order when the caller stops it, whatever that breaks below", async () => {
    const stop = new AbortController();
    const send = (request: TransportRequest): Promise<TransportResponse> =>
      new Promise((_resolve, reject) => {
        request.signal?.addEventListener("abort", () => reject(new errors.TransportError("broken off")));
      });
    const client = restClient({ send, close: () => Promise.resolve() });
    const watch = client.watch(pods, { resourceVersion: "5", signal: stop.signal })[Symbol.asyncIterator]();
    const next = watch.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe("a log", () => {
  it("is read as it is, followed as a stream", async () => {
    const { client, sent } = clientThatGets({ body: "line\n" });
    const chunks: string[] = [];
    const options = { container: "main", follow: true, tailLines: 3, limitBytes: 99, previous: false };
    for await (const chunk of client.logs(web, options)) chunks.push(Buffer.from(chunk).toString());
    for await (const chunk of client.logs(web)) chunks.push(Buffer.from(chunk).toString());
    expect(chunks).toEqual(["line\n", "line\n"]);
    expect(sent.map((request) => [request.path, request.stream])).toEqual([
      [
        "/api/v1/namespaces/shop/pods/web/log?container=main&follow=true&tailLines=3&limitBytes=99&previous=false",
        true,
      ],
      ["/api/v1/namespaces/shop/pods/web/log", undefined],
    ]);
  });
});
