import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { silentLog } from "../../kube/log.ts";
import { namespaces, type KubeObject } from "../../kube/objects.ts";
import { widgetDefinition } from "../../test/contract/widgets.ts";
import { aServer, widgetResource } from "./fixture.ts";
import { StatusError } from "./status.ts";

const widget = (name: string, spec: object = { size: 2 }): KubeObject & { spec: object } => ({
  metadata: { name, namespace: "default" },
  spec,
});

describe("the server", () => {
  test("answers any request at all without failing", async () => {
    const failures: object[] = [];
    const log = { ...silentLog, error: (fields: object) => failures.push(fields) };
    const { server } = aServer({ log });
    const segment = fc.constantFrom(
      "api",
      "apis",
      "v1",
      "namespaces",
      "default",
      "pods",
      "jobs",
      "batch",
      "status",
      "log",
      "contract.traintask.dev",
      "widgets",
      "a",
      "..",
      "%2f",
      "%",
      "",
      "__proto__",
      "constructor",
    );
    const pair = fc.tuple(
      fc.constantFrom(
        "watch",
        "limit",
        "continue",
        "labelSelector",
        "fieldSelector",
        "resourceVersion",
        "dryRun",
        "fieldValidation",
        "timeoutSeconds",
      ),
      fc.oneof(fc.constantFrom("1", "true", "All", "Strict", "-1", "1e9"), fc.string()),
    );
    const request = fc.record({
      method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "BREW"),
      segments: fc.array(segment, { maxLength: 8 }),
      query: fc.array(pair, { maxLength: 3 }),
      body: fc.oneof(
        fc.json(),
        fc.string(),
        fc
          .jsonValue()
          .map((value) =>
            JSON.stringify({ metadata: value, spec: value, kind: "Widget", apiVersion: "contract.traintask.dev/v1" }),
          ),
      ),
      type: fc.constantFrom(
        "application/json",
        "application/yaml",
        "application/merge-patch+json",
        "application/json-patch+json",
        "",
      ),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, segments, query, body, type }) => {
        const path = `/${segments.join("/")}?${new URLSearchParams(query).toString()}`;
        const answer = await server.handle({
          method,
          path,
          body,
          headers: { "content-type": type },
          signal: AbortSignal.abort(),
        });
        expect(answer.status).toBeLessThan(500 + (answer.status === 504 ? 5 : 0));
        for await (const chunk of answer.body) expect(chunk.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
    expect(failures).toEqual([]);
    server.close();
  });

  test("does not start with a definition that it cannot hold to", () => {
    const odd = widgetDefinition.replace("minimum: 1,", "oneOf: [],");
    expect(() => aServer({ crds: [odd] })).toThrow("the keyword oneOf is not supported here");
  });

  test("gives old objects the defaults that the schema has got since", () => {
    const directory = mkdtempSync(join(tmpdir(), "traintask-apiserver-"));
    const databasePath = join(directory, "state.db");
    const before = aServer({
      databasePath,
      crds: [widgetDefinition.replace(", default: red", "").replaceAll("self.color != 'green' || ", "")],
    });
    before.server.registry.create(widgetResource, widget("a"));
    before.server.close();
    const after = aServer({ databasePath });
    expect(after.server.registry.get(widgetResource, { namespace: "default", name: "a" })).toMatchObject({
      spec: { color: "red" },
    });
    after.server.close();
    rmSync(directory, { recursive: true });
  });

  test("keeps versions still over a restart: it writes nothing that is there already", () => {
    const directory = mkdtempSync(join(tmpdir(), "traintask-apiserver-"));
    const databasePath = join(directory, "state.db");
    const versions = [1, 2].map(() => {
      const { server } = aServer({ databasePath });
      const versionsNow = server.registry.list(namespaces).map(({ metadata }) => metadata?.resourceVersion);
      const { metadata } = server.registry.create(
        widgetResource,
        widget(`w-${versionsNow.length}-${Math.random()}`.slice(0, 20)),
      );
      server.close();
      return [versionsNow, Number(metadata?.resourceVersion)] as const;
    });
    expect(versions[1]?.[0]).toEqual(versions[0]?.[0]);
    expect((versions[1]?.[1] ?? 0) - (versions[0]?.[1] ?? 0)).toBe(1);
    rmSync(directory, { recursive: true });
  });

  test("goes on with the deletion of a namespace where it stopped", () => {
    const directory = mkdtempSync(join(tmpdir(), "traintask-apiserver-"));
    const databasePath = join(directory, "state.db");
    const before = aServer({ databasePath }).server;
    before.registry.create(namespaces, { metadata: { name: "gone" } });
    const held = { ...widget("a"), metadata: { name: "a", namespace: "gone", finalizers: ["example.com/x"] } };
    before.registry.create(widgetResource, held);
    before.registry.delete(namespaces, { name: "gone" });
    before.close();
    const after = aServer({ databasePath }).server;
    const object = after.registry.get(widgetResource, { namespace: "gone", name: "a" });
    const { finalizers: _, ...metadata } = object?.metadata ?? {};
    after.registry.update(widgetResource, { ...object, metadata });
    expect(after.registry.get(namespaces, { name: "gone" })).toBeUndefined();
    after.close();
    rmSync(directory, { recursive: true });
  });
});

describe("the registry", () => {
  test("holds its users to the same rules as requests", () => {
    const { server } = aServer();
    const { registry } = server;
    const refused = (call: () => unknown): number => {
      try {
        call();
      } catch (error) {
        if (error instanceof StatusError) return error.code;
        throw error;
      }
      return 200;
    };
    const created = registry.create(widgetResource, widget("a"));
    expect(refused(() => registry.create(widgetResource, widget("a")))).toBe(409);
    expect(refused(() => registry.create(widgetResource, widget("b", { size: 99 })))).toBe(422);
    expect(refused(() => registry.create(widgetResource, widget("b", { size: 2, bogus: 1 })))).toBe(400);
    registry.update(widgetResource, { ...created, spec: { ...created.spec, size: 4 } });
    expect(refused(() => registry.update(widgetResource, created))).toBe(409);
    expect(refused(() => registry.delete(widgetResource, { namespace: "default", name: "a" }, { uid: "other" }))).toBe(
      409,
    );
    server.close();
  });

  test("tells of each change, with what was there before", () => {
    const { server } = aServer();
    const heard: string[] = [];
    const stop = server.registry.subscribe(({ type, resource, object, previous }) => {
      const sizes = [previous, object].map((each) => (each as { spec?: { size?: number } } | undefined)?.spec?.size);
      heard.push(`${type} ${resource.kind} ${sizes.join()}`);
    });
    const created = server.registry.create(widgetResource, widget("a"));
    server.registry.update(widgetResource, { ...created, spec: { size: 4 } });
    server.registry.delete(widgetResource, { namespace: "default", name: "a" });
    stop();
    server.registry.create(widgetResource, widget("b"));
    expect(heard).toEqual(["ADDED Widget ,2", "MODIFIED Widget 2,4", "DELETED Widget 4,4"]);
    server.close();
  });
});
