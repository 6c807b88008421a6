/** Deletion: preconditions, finalizers, whole lists, namespaces. */
import { expect, test } from "vitest";
import { ConflictError, ForbiddenError, NotFoundError } from "../../kube/errors.ts";
import { namespaces, pods, type Pod } from "../../kube/objects.ts";
import { ask, eventually } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";
import { aWidget, widgetPath, widgets, widgetsPath, type Widget } from "./widgets.ts";

const finalizer = "contract.traintask.dev/hold";

export function deleteCases(harness: HarnessOf): void {
  const created = async (metadata: { finalizers?: string[] } = {}) => {
    const { client, namespace } = harness();
    const widget = await client.create<Widget>(widgets, aWidget(await namespace(), metadata));
    return { widget, key: { namespace: widget.metadata.namespace ?? "", name: "a" } };
  };
  const release = (key: { namespace: string; name: string }) =>
    harness().client.patch<Widget>(widgets, key, { body: { metadata: { finalizers: null } } });

  test("what was deleted is gone, and the answer is a Status with its uid", async () => {
    const { widget, key } = await created();
    const answer = await harness().client.delete(widgets, key);
    expect(answer).toMatchObject({ kind: "Status", status: "Success", details: { uid: widget.metadata.uid } });
    await refusal(harness().client.get(widgets, key), NotFoundError);
  });

  test("deleting what is not there is a 404", async () => {
    const { client, namespace } = harness();
    await refusal(client.delete(widgets, { namespace: await namespace(), name: "no" }), NotFoundError);
  });

  test("a new object of the same name is another one", async () => {
    const { widget, key } = await created();
    const { client } = harness();
    await client.delete(widgets, key);
    const again = await client.create<Widget>(widgets, aWidget(key.namespace));
    expect(again.metadata.uid).not.toBe(widget.metadata.uid);
  });

  test("a delete of another uid is a conflict and deletes nothing", async () => {
    const { key } = await created();
    const { client } = harness();
    await refusal(client.delete(widgets, key, { uid: "00000000-0000-4000-8000-000000000000" }), ConflictError);
    await client.get(widgets, key);
  });

  test("a delete of an older version is a conflict, of the present one it succeeds", async () => {
    const { widget, key } = await created();
    const { client } = harness();
    const next = await client.patch<Widget>(widgets, key, { body: { spec: { size: 4 } } });
    const at = ({ metadata: { uid = "", resourceVersion = "" } }: Widget) => ({ uid, resourceVersion });
    await refusal(client.delete(widgets, key, at(widget)), ConflictError);
    await client.delete(widgets, key, at(next));
    await refusal(client.get(widgets, key), NotFoundError);
  });

  test("an object with a finalizer stays, marked as being deleted, until the finalizer is gone", async () => {
    const { key } = await created({ finalizers: [finalizer] });
    const { client } = harness();
    await client.delete(widgets, key);
    const { metadata } = await client.get<Widget>(widgets, key);
    expect(metadata.deletionTimestamp).toMatch(/^\d{4}-/);
    expect(metadata.finalizers).toEqual([finalizer]);
    await release(key);
    await refusal(client.get(widgets, key), NotFoundError);
  });

  test("being deleted counts as a change: generation grows and the version is new", async () => {
    const { widget, key } = await created({ finalizers: [finalizer] });
    await harness().client.delete(widgets, key);
    const { metadata } = await harness().client.get<Widget>(widgets, key);
    expect(metadata.generation).toBe((widget.metadata.generation ?? 0) + 1);
    expect(metadata.resourceVersion).not.toBe(widget.metadata.resourceVersion);
    await release(key);
  });

  test("a second delete changes nothing", async () => {
    const { key } = await created({ finalizers: [finalizer] });
    const { client } = harness();
    await client.delete(widgets, key);
    const before = await client.get(widgets, key);
    await client.delete(widgets, key);
    expect(await client.get(widgets, key)).toEqual(before);
    await release(key);
  });

  test("an object that is being deleted takes no new finalizers", async () => {
    const { key } = await created({ finalizers: [finalizer] });
    const { client } = harness();
    await client.delete(widgets, key);
    const call = client.patch(widgets, key, {
      body: { metadata: { finalizers: [finalizer, "contract.traintask.dev/x"] } },
    });
    expect(await causes(call)).toContain("FieldValueForbidden metadata.finalizers");
    await release(key);
  });

  test("an object that is being deleted can be changed, and stays so", async () => {
    const { key } = await created({ finalizers: [finalizer] });
    const { client } = harness();
    await client.delete(widgets, key);
    const changed = await client.patchStatus<Widget>(widgets, key, { body: { status: { seen: 1 } } });
    expect(changed.status).toMatchObject({ seen: 1 });
    expect(changed.metadata.deletionTimestamp).toBeDefined();
    await release(key);
  });

  test("its name is not free while an object is being deleted", async () => {
    const { key } = await created({ finalizers: [finalizer] });
    const { client } = harness();
    await client.delete(widgets, key);
    await refusal(client.create(widgets, aWidget(key.namespace)));
    await release(key);
  });

  test("a dry run of a delete deletes nothing", async () => {
    const { key } = await created();
    expect((await ask(harness(), `${widgetPath(key.namespace)}?dryRun=All`, { method: "DELETE" })).status).toBe(200);
    await harness().client.get(widgets, key);
  });

  test("an unknown propagation policy is refused", async () => {
    const { key } = await created();
    const path = `${widgetPath(key.namespace)}?propagationPolicy=Sideways`;
    expect((await ask(harness(), path, { method: "DELETE" })).status).toBe(422);
    await harness().client.get(widgets, key);
  });

  test("deleting a list deletes what the selector chooses and nothing else", async () => {
    const { client, namespace } = harness();
    const place = await namespace();
    for (const [name, app] of Object.entries({ a: "x", b: "y", c: "x" })) {
      await client.create(widgets, aWidget(place, { name, labels: { app } }));
    }
    await ask(harness(), `${widgetsPath(place)}?labelSelector=app%3Dx`, { method: "DELETE" });
    const { items } = await client.list<Widget>(widgets, { namespace: place });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });

  test("a pod that is on no node is gone at once", async () => {
    const { client, namespace } = harness();
    const key = { namespace: await namespace(), name: "p" };
    const spec = { nodeSelector: { no: "such-node" }, containers: [{ name: "c", image: "none" }] };
    await client.create<Pod>(pods, { metadata: key, spec });
    await client.delete(pods, key);
    await refusal(client.get(pods, key), NotFoundError);
  });

  test("deleting a namespace deletes what is in it", async () => {
    const { key } = await created();
    const { client } = harness();
    await client.delete(namespaces, { name: key.namespace });
    await eventually(() => refusal(client.get(namespaces, { name: key.namespace }), NotFoundError));
    await refusal(client.get(widgets, key), NotFoundError);
  });

  test("a namespace that is being deleted takes nothing new, and goes with the last of its contents", async () => {
    const { key } = await created({ finalizers: [finalizer] });
    const { client } = harness();
    await client.delete(namespaces, { name: key.namespace });
    const namespace = await client.get(namespaces, { name: key.namespace });
    expect(namespace).toMatchObject({ status: { phase: "Terminating" } });
    await refusal(client.create(widgets, aWidget(key.namespace, { name: "b" })), ForbiddenError);
    await eventually(async () =>
      expect((await client.get<Widget>(widgets, key)).metadata.deletionTimestamp).toBeDefined(),
    );
    await release(key);
    await eventually(() => refusal(client.get(namespaces, { name: key.namespace }), NotFoundError));
  });

  test("the default namespace cannot be deleted", async () => {
    await refusal(harness().client.delete(namespaces, { name: "default" }), ForbiddenError);
  });
}
