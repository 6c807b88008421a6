/** Lists: pages of one instant, label selectors and field selectors. */
import { beforeAll, describe, expect, test } from "vitest";
import { BadRequestError } from "../../kube/errors.ts";
import { events, pods, type Event, type Pod } from "../../kube/objects.ts";
import { ask } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { refusal } from "./refusals.ts";
import { aWidget, widgets, widgetsPath, type Widget } from "./widgets.ts";

const namesOf = (items: readonly { metadata?: { name?: string } }[]): string[] =>
  items.map(({ metadata }) => metadata?.name ?? "");

export function listCases(harness: HarnessOf): void {
  const filled = async (...names: string[]): Promise<string> => {
    const { client, namespace } = harness();
    const place = await namespace();
    for (const name of names) await client.create(widgets, aWidget(place, { name }));
    return place;
  };

  test("a list has every object of the namespace and no other, in the order of names", async () => {
    const [place] = [await filled("c", "a", "b"), await filled("other")];
    expect(namesOf((await harness().client.list(widgets, { namespace: place })).items)).toEqual(["a", "b", "c"]);
  });

  test("a list without namespace has the objects of all namespaces", async () => {
    const [one, other] = [await filled("x-one"), await filled("x-other")];
    const { items } = await harness().client.list<Widget>(widgets);
    const found = items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(found).toEqual(expect.arrayContaining([`${one}/x-one`, `${other}/x-other`]));
  });

  test("a list names its kind and the version of its instant", async () => {
    const place = await filled("a");
    const list = (await ask(harness(), widgetsPath(place))).json<{
      kind: string;
      metadata: { resourceVersion: string };
    }>();
    expect(list.kind).toBe("WidgetList");
    const { metadata } = await harness().client.get<Widget>(widgets, { namespace: place, name: "a" });
    expect(Number(list.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(metadata.resourceVersion));
  });

  test("a list of nothing has an empty list of items", async () => {
    const place = await filled();
    expect((await ask(harness(), widgetsPath(place))).json<{ items: unknown }>().items).toEqual([]);
  });

  describe("in pages", () => {
    test("each page has at most so many items, and together they are all", async () => {
      const namespace = await filled("a", "b", "c", "d", "e");
      const { client } = harness();
      const pages: string[][] = [];
      let token: string | undefined;
      do {
        const page = await client.list<Widget>(widgets, { namespace, limit: 2, ...(token ? { continue: token } : {}) });
        pages.push(namesOf(page.items));
        token = page.metadata.continue;
      } while (token !== undefined && token !== "");
      expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    });

    test("a page says how many items remain", async () => {
      const namespace = await filled("a", "b", "c", "d", "e");
      const page = await harness().client.list(widgets, { namespace, limit: 2 });
      expect(page.metadata.remainingItemCount).toBe(3);
    });

    test("no continue token is given when everything fits exactly", async () => {
      const namespace = await filled("a", "b");
      const page = await harness().client.list(widgets, { namespace, limit: 2 });
      expect(page.metadata.continue ?? "").toBe("");
    });

    test("what is written between pages does not show: the list is one instant", async () => {
      const namespace = await filled("a", "c", "e", "g");
      const { client } = harness();
      const first = await client.list<Widget>(widgets, { namespace, limit: 1 });
      await client.create(widgets, aWidget(namespace, { name: "b" }));
      await client.delete(widgets, { namespace, name: "c" });
      await client.patch(widgets, { namespace, name: "e" }, { body: { spec: { size: 8 } } });
      const rest = await client.list<Widget>(widgets, {
        namespace,
        continue: first.metadata.continue ?? "",
        limit: 10,
      });
      expect(namesOf(rest.items)).toEqual(["c", "e", "g"]);
      expect(rest.items.find(({ metadata }) => metadata.name === "e")?.spec["size"]).toBe(2);
      expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    test("a continue token that the server did not make is refused", async () => {
      const namespace = await filled("a");
      await refusal(harness().client.list(widgets, { namespace, limit: 1, continue: "nonsense" }), BadRequestError);
    });

    test("a limit holds for what a selector chooses", async () => {
      const { client } = harness();
      const namespace = await harness().namespace();
      for (const name of ["a", "b", "c", "d", "e", "f"]) {
        const labels = { odd: String("bdf".includes(name)) };
        await client.create(widgets, aWidget(namespace, { name, labels }));
      }
      const options = { namespace, labelSelector: "odd=true", limit: 2 };
      const first = await client.list(widgets, options);
      const second = await client.list(widgets, { ...options, continue: first.metadata.continue ?? "" });
      expect([namesOf(first.items), namesOf(second.items)]).toEqual([["b", "d"], ["f"]]);
    });
  });

  describe("label selectors", () => {
    let namespace: string;
    beforeAll(async () => {
      const { client } = harness();
      namespace = await harness().namespace();
      const labels = { a: { app: "x", tier: "front" }, b: { app: "y", tier: "back" }, c: { app: "x" }, d: {} };
      for (const [name, own] of Object.entries(labels))
        await client.create(widgets, aWidget(namespace, { name, labels: own }));
    });
    const selectors: Record<string, string[]> = {
      "app=x": ["a", "c"],
      "app==y": ["b"],
      "app!=x": ["b", "d"],
      "app in (x,y)": ["a", "b", "c"],
      "app notin (x)": ["b", "d"],
      tier: ["a", "b"],
      "!tier": ["c", "d"],
      "app=x,tier=front": ["a"],
      "app in (x, y),!tier": ["c"],
      "app=z": [],
      "": ["a", "b", "c", "d"],
    };
    test.each(Object.entries(selectors))("'%s' chooses %j", async (labelSelector, names) => {
      expect(namesOf((await harness().client.list(widgets, { namespace, labelSelector })).items)).toEqual(names);
    });

    test.each(["app in x", "=x", "a b", "app=(x"])("'%s' is refused", async (labelSelector) => {
      await refusal(harness().client.list(widgets, { namespace, labelSelector }), BadRequestError);
    });
  });

  describe("field selectors", () => {
    test("choose by name", async () => {
      const namespace = await filled("a", "b");
      const list = async (fieldSelector: string) =>
        namesOf((await harness().client.list(widgets, { namespace, fieldSelector })).items);
      expect(await list("metadata.name=a")).toEqual(["a"]);
      expect(await list("metadata.name!=a")).toEqual(["b"]);
      expect(await list(`metadata.namespace=${namespace}`)).toEqual(["a", "b"]);
    });

    test("that the kind does not have are refused", async () => {
      const namespace = await filled();
      await refusal(harness().client.list(widgets, { namespace, fieldSelector: "spec.size=2" }), BadRequestError);
    });

    test("choose pods by node and phase", async () => {
      const { client, namespace } = harness();
      const place = await namespace();
      const pod: Pod = {
        metadata: { name: "p", namespace: place },
        spec: { nodeSelector: { no: "such-node" }, containers: [{ name: "c", image: "none" }] },
      };
      await client.create(pods, pod);
      const list = async (fieldSelector: string) =>
        namesOf((await client.list(pods, { namespace: place, fieldSelector })).items);
      expect(await list("status.phase=Pending,spec.nodeName=")).toEqual(["p"]);
      expect(await list("status.phase!=Pending")).toEqual([]);
    });

    test("choose events by the object they are about", async () => {
      const { client, namespace } = harness();
      const place = await namespace();
      const about = (name: string): Event => ({
        metadata: { name: `about-${name}`, namespace: place },
        involvedObject: { kind: "Widget", name, namespace: place, uid: `uid-${name}` },
        reason: "Tested",
        message: "a note",
        type: "Normal",
      });
      await client.create(events, about("a"));
      await client.create(events, about("b"));
      const fieldSelector = `involvedObject.name=a,involvedObject.namespace=${place},involvedObject.kind=Widget,involvedObject.uid=uid-a`;
      expect(namesOf((await client.list(events, { namespace: place, fieldSelector })).items)).toEqual(["about-a"]);
      const elsewhere = { ...about("c"), involvedObject: { kind: "Widget", name: "c", namespace: "default" } };
      await refusal(client.create(events, elsewhere));
    });
  });
}
