/** How objects come into being. */
import { expect, test } from "vitest";
import { AlreadyExistsError, ApiError, BadRequestError, NotFoundError } from "../../kube/errors.ts";
import { ask } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";
import { configMaps } from "./scene.ts";
import { aWidget, widgetPath, widgets, widgetsPath, type Widget } from "./widgets.ts";

export function createCases(harness: HarnessOf): void {
  test("a new object has uid, resourceVersion, creationTimestamp and generation 1", async () => {
    const { client, namespace } = harness();
    const { metadata } = await client.create<Widget>(widgets, aWidget(await namespace()));
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(metadata.resourceVersion).toMatch(/^\d+$/);
    expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(metadata.generation).toBe(1);
  });

  test("what was created is what is read", async () => {
    const { client, namespace } = harness();
    const created = await client.create<Widget>(widgets, aWidget(await namespace(), { labels: { a: "b" } }));
    const { name = "", namespace: place = "" } = created.metadata;
    expect(await client.get(widgets, { namespace: place, name })).toEqual(created);
  });

  test("reading what is not there is a 404 that names it", async () => {
    const { client, namespace } = harness();
    const { status } = await refusal(client.get(widgets, { namespace: await namespace(), name: "no" }), NotFoundError);
    expect(status).toMatchObject({ code: 404, reason: "NotFound", details: { name: "no", kind: "widgets" } });
    expect(status.message).toBe('widgets.contract.traintask.dev "no" not found');
  });

  test("a second object of the same name is refused as AlreadyExists", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    await client.create(widgets, aWidget(place));
    const { status } = await refusal(client.create(widgets, aWidget(place)), AlreadyExistsError);
    expect(status.message).toBe('widgets.contract.traintask.dev "a" already exists');
  });

  test("of many creates of one name at the same time exactly one succeeds", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    const attempts = Array.from({ length: 10 }, () => client.create(widgets, aWidget(place)));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("generateName is completed with five characters, different each time", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    const { name: _, ...metadata } = { ...aWidget(place).metadata, generateName: "w-" };
    const [first, second] = [
      await client.create<Widget>(widgets, { ...aWidget(place), metadata }),
      await client.create<Widget>(widgets, { ...aWidget(place), metadata }),
    ];
    expect(first.metadata.name).toMatch(/^w-[a-z0-9]{5}$/);
    expect(second.metadata.name).not.toBe(first.metadata.name);
  });

  test("an object without a name is refused", async () => {
    const { client, namespace } = harness();
    const { name: _, ...metadata } = aWidget(await namespace()).metadata;
    expect(await causes(client.create(widgets, { ...aWidget(""), metadata }))).toContain(
      "FieldValueRequired metadata.name",
    );
  });

  test("a name that is no DNS subdomain is refused", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    for (const name of ["Upper", "under_score", "-dash", "a..b"]) {
      expect(await causes(client.create(widgets, aWidget(place, { name })))).toContain(
        "FieldValueInvalid metadata.name",
      );
    }
  });

  test("a label whose value is no label value is refused", async () => {
    const { client, namespace } = harness();
    const widget = aWidget(await namespace(), { labels: { a: "b c" } });
    expect(await causes(client.create(widgets, widget))).toContain("FieldValueInvalid metadata.labels");
  });

  test("more than 256 KiB of annotations are refused", async () => {
    const { client, namespace } = harness();
    const widget = aWidget(await namespace(), { annotations: { a: "x".repeat(256 * 1024) } });
    expect(await causes(client.create(widgets, widget))).toContain("FieldValueTooLong metadata.annotations");
  });

  test("an owner reference without uid is refused", async () => {
    const { client, namespace } = harness();
    const ownerReferences = [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "" }];
    const found = await causes(client.create(widgets, aWidget(await namespace(), { ownerReferences })));
    expect(found.join()).toContain("metadata.ownerReferences");
  });

  test("creating in a namespace that is not there is a 404 of the namespace", async () => {
    const { client } = harness();
    const { status } = await refusal(client.create(widgets, aWidget("no-such-namespace")), NotFoundError);
    expect(status.message).toBe('namespaces "no-such-namespace" not found');
  });

  test("an object that names another namespace than the path is refused", async () => {
    const { namespace, ...rest } = harness();
    const reply = await ask(rest, widgetsPath(await namespace()), { method: "POST", body: aWidget("default") });
    expect(reply.status).toBe(400);
    expect(reply.json().message).toContain("does not match the namespace");
  });

  test("an object of another kind is refused", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    expect(await causes(client.create(widgets, { ...aWidget(place), kind: "Gadget" }))).toEqual([
      "FieldValueInvalid kind",
    ]);
    const map = { kind: "Secret", metadata: { name: "a", namespace: place } };
    await refusal(client.create(configMaps, map), BadRequestError);
  });

  test("an object of another apiVersion is refused", async () => {
    const { client, namespace } = harness();
    const widget = { ...aWidget(await namespace()), apiVersion: "contract.traintask.dev/v9" };
    await refusal(client.create(widgets, widget), BadRequestError);
  });

  test("a dry run checks everything and writes nothing", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    const shown = await client.create<Widget>(widgets, aWidget(place), { dryRun: true });
    expect(shown.spec["color"]).toBe("red");
    await refusal(client.get(widgets, { namespace: place, name: "a" }), NotFoundError);
    await causes(client.create(widgets, aWidget(place, { spec: { size: 99 } }), { dryRun: true }));
  });

  test("another dryRun than All is refused", async () => {
    const { namespace, ...rest } = harness();
    const path = `${widgetsPath(await namespace())}?dryRun=Some`;
    expect((await ask(rest, path, { method: "POST", body: aWidget("") })).status).toBe(422);
  });

  test("a body in YAML is read like one in JSON", async () => {
    const { namespace, ...rest } = harness();
    const reply = await ask(rest, widgetsPath(await namespace()), {
      method: "POST",
      body: "apiVersion: contract.traintask.dev/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: 3}\n",
      headers: { "content-type": "application/yaml" },
    });
    expect(reply.status).toBe(201);
    expect(reply.json<Widget>().spec["size"]).toBe(3);
  });

  const bodies: Record<string, { body: string; type?: string; status: number }> = {
    "text that is not JSON": { body: "{not json", status: 400 },
    "a JSON list": { body: "[]", status: 400 },
    "a JSON string": { body: '"a"', status: 400 },
    null: { body: "null", status: 400 },
    "a hundred thousand nested lists": { body: "[".repeat(100_000) + "]".repeat(100_000), status: 400 },
    "an unknown media type": { body: "size=3", type: "application/x-www-form-urlencoded", status: 415 },
    "more than 3 MiB": { body: JSON.stringify({ a: "x".repeat(4 << 20) }), status: 413 },
  };
  test.each(Object.entries(bodies))("a body that is %s is refused", async (_, { body, type, status }) => {
    const { namespace, ...rest } = harness();
    const headers = { "content-type": type ?? "application/json" };
    const reply = await ask(rest, widgetsPath(await namespace()), { method: "POST", body, headers });
    expect(reply.status).toBe(status);
    expect(reply.json()).toMatchObject({ kind: "Status", status: "Failure", code: status });
  });

  test("POST to an object is not allowed for built-in kinds, and creates a custom one", async () => {
    const { namespace, ...rest } = harness();
    const place = await namespace();
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
    const path = `/api/v1/namespaces/${place}/configmaps/a`;
    expect((await ask(rest, path, { method: "POST", body: map })).status).toBe(405);
    expect((await ask(rest, widgetPath(place), { method: "POST", body: aWidget(place) })).status).toBe(201);
  });

  test("POST and DELETE of a status are not allowed", async () => {
    const { namespace, ...rest } = harness();
    const place = await namespace();
    const status = `${widgetPath(place)}/status`;
    expect((await ask(rest, status, { method: "POST", body: aWidget(place) })).status).toBe(405);
    expect((await ask(rest, `${widgetPath(place)}/status`, { method: "DELETE" })).status).toBe(405);
  });

  test("a resource that is not served is a 404", async () => {
    const { transport } = harness();
    const reply = await ask({ transport }, "/apis/contract.traintask.dev/v1/namespaces/default/gadgets");
    expect(reply.status).toBe(404);
    await refusal(harness().client.list({ ...widgets, plural: "gadgets" }), ApiError);
  });
}
