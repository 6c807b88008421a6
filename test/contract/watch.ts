/** Watches: every change after a version, once and in order. */
import { expect, test } from "vitest";
import type { WatchEvent, WatchOptions } from "../../kube/client.ts";
import { ask } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { refusal } from "./refusals.ts";
import { aWidget, widgets, widgetsPath, type Widget } from "./widgets.ts";

type Seen = WatchEvent<Widget>;
const words = (seen: readonly Seen[]): string[] => seen.map(({ type, object }) => `${type} ${object.metadata.name}`);

export function watchCases(harness: HarnessOf): void {
  /** The version of now, from which a watch sees what comes. */
  const version = async (namespace: string): Promise<string> =>
    (await harness().client.list(widgets, { namespace })).metadata.resourceVersion;

  /** The first `count` changes of a watch, bookmarks left out. */
  const take = async (options: WatchOptions, count: number): Promise<Seen[]> => {
    const seen: Seen[] = [];
    const signal = AbortSignal.timeout(60_000);
    for await (const event of harness().client.watch<Widget>(widgets, { ...options, signal })) {
      if (event.type !== "BOOKMARK") seen.push(event);
      if (seen.length >= count) return seen;
    }
    throw new Error(`the watch ended after ${words(seen).join(", ")}`);
  };

  test("a watch sees create, change and deletion in their order", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    const from = await version(namespace);
    await client.create(widgets, aWidget(namespace));
    await client.patch(widgets, { namespace, name: "a" }, { body: { spec: { size: 4 } } });
    await client.patchStatus(widgets, { namespace, name: "a" }, { body: { status: { seen: 1 } } });
    await client.delete(widgets, { namespace, name: "a" });
    const seen = await take({ namespace, resourceVersion: from }, 4);
    expect(words(seen)).toEqual(["ADDED a", "MODIFIED a", "MODIFIED a", "DELETED a"]);
    const versions = seen.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(4);
  });

  test("a watch sees what happens after it has begun", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    const seen = take({ namespace, resourceVersion: await version(namespace) }, 1);
    await client.create(widgets, aWidget(namespace));
    expect(words(await seen)).toEqual(["ADDED a"]);
  });

  test("a deletion shows the object as it was last, with the version of the deletion", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    const created = await client.create<Widget>(widgets, aWidget(namespace, { spec: { size: 6 } }));
    await client.delete(widgets, { namespace, name: "a" });
    const [event] = await take({ namespace, resourceVersion: created.metadata.resourceVersion ?? "" }, 1);
    expect(event).toMatchObject({ type: "DELETED", object: { spec: { size: 6 } } });
    expect(Number(event?.object.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
  });

  test("a watch from version 0 begins with what is there", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    await client.create(widgets, aWidget(namespace, { name: "a" }));
    await client.create(widgets, aWidget(namespace, { name: "b" }));
    await version(namespace);
    expect(words(await take({ namespace, resourceVersion: "0" }, 2)).toSorted()).toEqual(["ADDED a", "ADDED b"]);
  });

  test("a watch of one namespace sees no other", async () => {
    const { client } = harness();
    const [namespace, other] = [await harness().namespace(), await harness().namespace()];
    const from = await version(namespace);
    await client.create(widgets, aWidget(other, { name: "other" }));
    await client.create(widgets, aWidget(namespace, { name: "mine" }));
    expect(words(await take({ namespace, resourceVersion: from }, 1))).toEqual(["ADDED mine"]);
  });

  test("a watch of all namespaces sees each", async () => {
    const { client } = harness();
    const [namespace, other] = [await harness().namespace(), await harness().namespace()];
    const from = await version(namespace);
    const labels = { together: namespace };
    await client.create(widgets, aWidget(namespace, { labels }));
    await client.create(widgets, aWidget(other, { labels }));
    const seen = await take({ resourceVersion: from, labelSelector: `together=${namespace}` }, 2);
    expect(seen.map(({ object }) => object.metadata.namespace)).toEqual([namespace, other]);
  });

  test("an object that comes to match a selector is ADDED, one that ceases to is DELETED", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    await client.create(widgets, aWidget(namespace, { labels: { app: "no" } }));
    const from = await version(namespace);
    for (const app of ["yes", "no", "other"]) {
      await client.patch(widgets, { namespace, name: "a" }, { body: { metadata: { labels: { app } } } });
    }
    await client.patch(widgets, { namespace, name: "a" }, { body: { metadata: { labels: { app: "yes" } } } });
    const seen = await take({ namespace, resourceVersion: from, labelSelector: "app=yes" }, 3);
    expect(words(seen)).toEqual(["ADDED a", "DELETED a", "ADDED a"]);
  });

  test("a watch can follow one object by its name", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    const from = await version(namespace);
    for (const name of ["a", "b"]) await client.create(widgets, aWidget(namespace, { name }));
    const seen = await take({ namespace, resourceVersion: from, fieldSelector: "metadata.name=b" }, 1);
    expect(words(seen)).toEqual(["ADDED b"]);
  });

  test("a watch ends in good order when its time is up", async () => {
    const namespace = await harness().namespace();
    const options = { namespace, resourceVersion: await version(namespace), timeoutSeconds: 1 };
    const changes: Seen[] = [];
    for await (const event of harness().client.watch<Widget>(widgets, options)) {
      if (event.type !== "BOOKMARK") changes.push(event);
    }
    expect(changes).toEqual([]);
  });

  test("a change that is nothing is not seen", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    await client.create<Widget>(widgets, aWidget(namespace));
    const changed = await client.patch<Widget>(widgets, { namespace, name: "a" }, { body: { spec: { size: 4 } } });
    await client.update(widgets, changed);
    await client.patch(widgets, { namespace, name: "a" }, { body: { spec: { size: 4 } } });
    await client.delete(widgets, { namespace, name: "a" });
    const seen = await take({ namespace, resourceVersion: changed.metadata.resourceVersion ?? "" }, 1);
    expect(words(seen)).toEqual(["DELETED a"]);
  });

  test("two watches of one thing see the same", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    const options = { namespace, resourceVersion: await version(namespace) };
    const both = [take(options, 3), take(options, 3)];
    for (const name of ["a", "b", "c"]) await client.create(widgets, aWidget(namespace, { name }));
    const [one, other] = await Promise.all(both);
    expect(one).toEqual(other);
  });

  test("a watch carries on from the version of the last change that was seen", async () => {
    const { client } = harness();
    const namespace = await harness().namespace();
    const from = await version(namespace);
    const first = take({ namespace, resourceVersion: from }, 1);
    await client.create(widgets, aWidget(namespace, { name: "a" }));
    const resourceVersion = (await first)[0]?.object.metadata.resourceVersion ?? "";
    await client.create(widgets, aWidget(namespace, { name: "b" }));
    expect(words(await take({ namespace, resourceVersion }, 1))).toEqual(["ADDED b"]);
  });

  test("a version that is no number is refused", async () => {
    const namespace = await harness().namespace();
    await refusal(take({ namespace, resourceVersion: "soon" }, 1));
  });

  test("watch=true without a version begins with what is there, one JSON object a line", async () => {
    const namespace = await harness().namespace();
    await harness().client.create(widgets, aWidget(namespace));
    const reply = await ask(harness(), `${widgetsPath(namespace)}?watch=true&timeoutSeconds=1`);
    expect(reply.headers["content-type"]).toContain("application/json");
    const [line = ""] = reply.text.split("\n");
    expect(JSON.parse(line)).toMatchObject({ type: "ADDED", object: { metadata: { name: "a" }, kind: "Widget" } });
  });
}
