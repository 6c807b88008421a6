/** What a server says of itself, and tables for people. */
import { expect, test } from "vitest";
import { namespaces } from "../../kube/objects.ts";
import { ask, eventually } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { aWidget, widgetPath, widgets, widgetsPath } from "./widgets.ts";

interface ResourceList {
  readonly groupVersion: string;
  readonly resources: readonly {
    name: string;
    kind: string;
    namespaced: boolean;
    verbs: string[];
    shortNames?: string[];
  }[];
}

export function discoveryCases(harness: HarnessOf): void {
  const read = async <T>(path: string): Promise<T> => (await ask(harness(), path)).json<T>();

  test("the groups are listed with their versions", async () => {
    const { groups } = await read<{ groups: { name: string; preferredVersion: { groupVersion: string } }[] }>("/apis");
    const preferred = new Map(groups.map(({ name, preferredVersion }) => [name, preferredVersion.groupVersion]));
    expect(preferred.get("batch")).toBe("batch/v1");
    expect(preferred.get(widgets.group)).toBe("contract.traintask.dev/v1");
    expect((await read<{ versions: string[] }>("/api")).versions).toContain("v1");
  });

  test("a group that is not served is a 404", async () => {
    expect((await ask(harness(), "/apis/no.such.group")).status).toBe(404);
    expect((await ask(harness(), "/apis/batch/v99")).status).toBe(404);
  });

  test("the resources of a version are listed with names, verbs and subresources", async () => {
    const { resources } = await read<ResourceList>("/apis/contract.traintask.dev/v1");
    const widget = resources.find(({ name }) => name === "widgets");
    expect(widget).toMatchObject({ kind: "Widget", namespaced: true, shortNames: ["wd"] });
    expect(widget?.verbs).toEqual(
      expect.arrayContaining(["create", "delete", "get", "list", "patch", "update", "watch"]),
    );
    expect(resources.map(({ name }) => name)).toContain("widgets/status");
  });

  test("the core resources are listed", async () => {
    const { resources } = await read<ResourceList>("/api/v1");
    const found = new Map(resources.map(({ name, namespaced }) => [name, namespaced]));
    expect(found.get("namespaces")).toBe(false);
    for (const name of ["pods", "pods/log", "events", "serviceaccounts", "serviceaccounts/token"]) {
      expect(found.get(name)).toBe(true);
    }
  });

  test("the version is told", async () => {
    expect((await read<{ gitVersion: string }>("/version")).gitVersion).toMatch(/^v1\.\d+/);
  });

  test.each(["/healthz", "/livez", "/readyz"])("%s says ok", async (path) => {
    const reply = await ask(harness(), path);
    expect([reply.status, reply.text]).toEqual([200, "ok"]);
  });

  test("OpenAPI v3 has a document for each version, in which a PATCH takes fieldValidation", async () => {
    const index = await read<{ paths: Record<string, { serverRelativeURL: string }> }>("/openapi/v3");
    const address = index.paths["apis/contract.traintask.dev/v1"]?.serverRelativeURL ?? "";
    interface Operation {
      parameters?: { name: string }[];
      "x-kubernetes-group-version-kind"?: object;
    }
    // On a real server the document of a new definition takes a moment.
    const patch = await eventually(async () => {
      const { paths } = await read<{ paths: Record<string, { patch?: Operation }> }>(address);
      const path = "/apis/contract.traintask.dev/v1/namespaces/{namespace}/widgets/{name}";
      expect(paths[path]?.patch).toBeDefined();
      return paths[path]?.patch;
    });
    expect(patch?.["x-kubernetes-group-version-kind"]).toEqual({ group: widgets.group, version: "v1", kind: "Widget" });
    expect(patch?.parameters?.map(({ name }) => name)).toContain("fieldValidation");
  });

  interface Table {
    readonly kind: string;
    readonly columnDefinitions: readonly { name: string; type: string; priority: number }[];
    readonly rows: readonly { cells: unknown[]; object?: { kind: string; metadata: { name: string } } }[];
  }
  const asTable = { accept: "application/json;as=Table;g=meta.k8s.io;v=v1,application/json" };
  const table = async (path: string): Promise<Table> =>
    (await ask(harness(), path, { headers: asTable })).json<Table>();

  test("a table has the definition's columns and the objects' cells", async () => {
    const place = await harness().namespace();
    await harness().client.create(widgets, aWidget(place));
    const { kind, columnDefinitions, rows } = await table(widgetsPath(place));
    expect(kind).toBe("Table");
    expect(columnDefinitions.map(({ name, type, priority }) => [name, type, priority])).toEqual([
      ["Name", "string", 0],
      ["Size", "integer", 0],
      ["Phase", "string", 0],
      ["Color", "string", 1],
      ["Age", "date", 0],
    ]);
    expect(rows[0]?.cells.slice(0, 4)).toEqual(["a", 2, "New", "red"]);
    expect(rows[0]?.cells[4]).toMatch(/^\d+s$/);
  });

  test("a row brings the metadata of its object, or all of it, or nothing, as asked", async () => {
    const place = await harness().namespace();
    await harness().client.create(widgets, aWidget(place));
    const object = async (query: string) => (await table(`${widgetsPath(place)}${query}`)).rows[0]?.object;
    expect(await object("")).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "a" } });
    expect(await object("?includeObject=Object")).toMatchObject({ kind: "Widget", spec: { size: 2 } });
    expect((await object("?includeObject=None")) ?? null).toBeNull();
  });

  test("one object can be a table too", async () => {
    const place = await harness().namespace();
    await harness().client.create(widgets, aWidget(place));
    expect((await table(widgetPath(place))).rows).toHaveLength(1);
  });

  test("a watch can be in tables", async () => {
    const place = await harness().namespace();
    await harness().client.create(widgets, aWidget(place));
    const reply = await ask(harness(), `${widgetsPath(place)}?watch=true&timeoutSeconds=1`, { headers: asTable });
    const [line = ""] = reply.text.split("\n");
    expect(JSON.parse(line)).toMatchObject({
      type: "ADDED",
      object: { kind: "Table", rows: [{ cells: ["a", 2, "New", "red", expect.any(String)] }] },
    });
  });

  test("tables of built-in kinds begin with what tells most", async () => {
    const names = async (path: string) =>
      (await table(path)).columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name);
    expect(await names("/api/v1/namespaces")).toEqual(["Name", "Status", "Age"]);
    expect(await names("/api/v1/namespaces/default/pods")).toEqual(["Name", "Ready", "Status", "Restarts", "Age"]);
    expect(await names("/apis/batch/v1/namespaces/default/jobs")).toEqual([
      "Name",
      "Status",
      "Completions",
      "Duration",
      "Age",
    ]);
    expect(await names("/api/v1/namespaces/default/events")).toEqual([
      "Last Seen",
      "Type",
      "Reason",
      "Object",
      "Message",
    ]);
  });

  test("a list can be of metadata alone", async () => {
    const place = await harness().namespace();
    await harness().client.create(widgets, aWidget(place));
    const headers = { accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" };
    const list = (await ask(harness(), widgetsPath(place), { headers })).json<{ kind: string; items: object[] }>();
    expect(list.kind).toBe("PartialObjectMetadataList");
    expect(list.items[0]).toMatchObject({ metadata: { name: "a" } });
    expect(list.items[0]).not.toHaveProperty("spec");
  });

  test("every namespace bears its name as a label", async () => {
    const name = await harness().namespace();
    const { metadata } = await harness().client.get(namespaces, { name });
    expect(metadata?.labels).toMatchObject({ "kubernetes.io/metadata.name": name });
  });
}
