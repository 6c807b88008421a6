/** How objects change: PUT, resourceVersions, the status subresource. */
import { expect, test } from "vitest";
import { ConflictError, NotFoundError } from "../../kube/errors.ts";
import { leases, type Lease } from "../../kube/objects.ts";
import { ask } from "./ask.ts";
import { differs } from "./differences.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";
import { aWidget, widgetPath, widgets, type Widget } from "./widgets.ts";

export function updateCases(harness: HarnessOf): void {
  const created = async (spec: Record<string, unknown> = {}): Promise<Widget> => {
    const { client, namespace } = harness();
    return client.create<Widget>(widgets, aWidget(await namespace(), { spec }));
  };
  const withSpec = (widget: Widget, spec: Record<string, unknown>): Widget => ({
    ...widget,
    spec: { ...widget.spec, ...spec },
  });
  const keyOf = ({ metadata: { namespace = "", name = "" } }: Widget) => ({ namespace, name });

  test("an update of the version that was read takes effect and gives a new version", async () => {
    const widget = await created();
    const updated = await harness().client.update<Widget>(widgets, withSpec(widget, { size: 4 }));
    expect(updated.spec["size"]).toBe(4);
    expect(Number(updated.metadata.resourceVersion)).toBeGreaterThan(Number(widget.metadata.resourceVersion));
  });

  test("an update of an older version is a conflict and changes nothing", async () => {
    const widget = await created();
    const { client } = harness();
    await client.update(widgets, withSpec(widget, { size: 4 }));
    const { status } = await refusal(client.update(widgets, withSpec(widget, { size: 6 })), ConflictError);
    expect(status.message).toContain("the object has been modified");
    expect((await client.get<Widget>(widgets, keyOf(widget))).spec["size"]).toBe(4);
  });

  test("a custom resource is not updated without a resourceVersion", async () => {
    const widget = await created();
    const { resourceVersion: _, ...metadata } = widget.metadata;
    const call = harness().client.update(widgets, { ...withSpec(widget, { size: 4 }), metadata });
    expect(await causes(call)).toContain("FieldValueInvalid metadata.resourceVersion");
  });

  test("an update of another object of that name (another uid) is a conflict", async () => {
    const widget = await created();
    const metadata = { ...widget.metadata, uid: "00000000-0000-4000-8000-000000000000" };
    await refusal(harness().client.update(widgets, { ...withSpec(widget, { size: 4 }), metadata }), ConflictError);
  });

  test("an update of what is not there is a 404", async () => {
    const { client, namespace } = harness();
    const widget = aWidget(await namespace(), { resourceVersion: "1" });
    await refusal(client.update(widgets, widget), NotFoundError);
  });

  test("an update that changes nothing keeps the version", async () => {
    const { client } = harness();
    const widget = await client.update<Widget>(widgets, withSpec(await created(), { size: 4 }));
    const updated = await client.update<Widget>(widgets, widget);
    expect(updated.metadata.resourceVersion).toBe(widget.metadata.resourceVersion);
  });

  differs(
    harness,
    "the first update after a creation is a change, since it stores the defaults of the status",
    async () => {
      const widget = await created();
      const updated = await harness().client.update<Widget>(widgets, widget);
      expect(updated).toMatchObject({ spec: widget.spec, status: widget.status });
      expect(updated.metadata.generation).toBe(1);
      expect(updated.metadata.resourceVersion).not.toBe(widget.metadata.resourceVersion);
    },
  );

  test("generation counts changes of the spec, not of metadata or status", async () => {
    const widget = await created();
    const { client } = harness();
    const labelled = await client.patch<Widget>(widgets, keyOf(widget), { body: { metadata: { labels: { a: "b" } } } });
    const seen = await client.patchStatus<Widget>(widgets, keyOf(widget), { body: { status: { seen: 1 } } });
    const resized = await client.patch<Widget>(widgets, keyOf(widget), { body: { spec: { size: 4 } } });
    expect([labelled, seen, resized].map(({ metadata }) => metadata.generation)).toEqual([1, 1, 2]);
  });

  test("the status of a new object is not what the writer says but the default", async () => {
    const { client, namespace } = harness();
    const widget = { ...aWidget(await namespace()), status: { phase: "Done" } };
    expect((await client.create<Widget>(widgets, widget)).status).toEqual({ phase: "New" });
  });

  test("an update of the object leaves its status alone", async () => {
    const widget = await created();
    const change = { ...withSpec(widget, { size: 4 }), status: { phase: "Done" } };
    expect((await harness().client.update<Widget>(widgets, change)).status).toEqual({ phase: "New" });
  });

  test("an update of the status leaves spec and labels alone", async () => {
    const widget = await created();
    const body = { spec: { size: 8 }, metadata: { labels: { a: "b" } }, status: { phase: "Done" } };
    const updated = await harness().client.patchStatus<Widget>(widgets, keyOf(widget), { body });
    expect(updated.status).toEqual({ phase: "Done" });
    expect(updated.spec["size"]).toBe(2);
    expect(updated.metadata.labels).toBeUndefined();
  });

  test("an update of the status with PUT obeys resourceVersions", async () => {
    const widget = await created();
    const path = `${widgetPath(widget.metadata.namespace ?? "")}/status`;
    const put = async (phase: string) =>
      ask(harness(), path, { method: "PUT", body: { ...widget, status: { phase } } });
    expect((await put("One")).json<Widget>().status).toEqual({ phase: "One" });
    expect((await put("Two")).status).toBe(409);
  });

  test("uid and creationTimestamp outlive an update that leaves them out", async () => {
    const widget = await created();
    const { name = "", namespace = "", resourceVersion = "" } = widget.metadata;
    const change = { ...withSpec(widget, { size: 4 }), metadata: { name, namespace, resourceVersion } };
    const updated = await harness().client.update<Widget>(widgets, change);
    expect(updated.metadata.uid).toBe(widget.metadata.uid);
    expect(updated.metadata.creationTimestamp).toBe(widget.metadata.creationTimestamp);
  });

  test("an object whose name differs from the path is refused", async () => {
    const widget = await created();
    const body = { ...widget, metadata: { ...widget.metadata, name: "b" } };
    const reply = await ask(harness(), widgetPath(widget.metadata.namespace ?? ""), { method: "PUT", body });
    expect(reply.status).toBe(400);
  });

  test("an object of another kind is refused", async () => {
    const widget = await created();
    expect(await causes(harness().client.update(widgets, { ...widget, kind: "Gadget" }))).toEqual([
      "FieldValueInvalid kind",
    ]);
  });

  test("a dry run of an update changes nothing", async () => {
    const widget = await created();
    const { client } = harness();
    const shown = await client.update<Widget>(widgets, withSpec(widget, { size: 4 }), { dryRun: true });
    expect(shown.spec["size"]).toBe(4);
    expect(await client.get(widgets, keyOf(widget))).toEqual(widget);
  });

  test("PUT to a Lease that is not there creates it", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "l", namespace: place },
      spec: { holderIdentity: "me", leaseDurationSeconds: 15 },
    };
    const reply = await ask(harness(), `/apis/coordination.k8s.io/v1/namespaces/${place}/leases/l`, {
      method: "PUT",
      body: lease,
    });
    expect(reply.status).toBe(201);
    expect((await client.get<Lease>(leases, { namespace: place, name: "l" })).spec?.holderIdentity).toBe("me");
  });

  test("of two holders that update one version of a Lease only one succeeds", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    const lease = await client.create<Lease>(leases, { metadata: { name: "l", namespace: place }, spec: {} });
    const take = (holderIdentity: string) => client.update<Lease>(leases, { ...lease, spec: { holderIdentity } });
    const results = await Promise.allSettled([take("a"), take("b")]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("a Lease is not updated without a resourceVersion, nor made with a duration of 0", async () => {
    const { client, namespace } = harness();
    const metadata = { name: "l", namespace: await namespace() };
    await client.create<Lease>(leases, { metadata, spec: {} });
    expect(await causes(client.update<Lease>(leases, { metadata, spec: { holderIdentity: "a" } }))).toContain(
      "FieldValueInvalid metadata.resourceVersion",
    );
    const endless = { metadata: { ...metadata, name: "m" }, spec: { leaseDurationSeconds: 0 } };
    expect(await causes(client.create<Lease>(leases, endless))).toEqual([
      "FieldValueInvalid spec.leaseDurationSeconds",
    ]);
  });
}
