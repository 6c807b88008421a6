/** Merge patches and JSON patches. */
import { expect, test } from "vitest";
import { BadRequestError, ConflictError, InvalidError, NotFoundError } from "../../kube/errors.ts";
import { ask } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";
import { aWidget, widgetPath, widgets, type Widget } from "./widgets.ts";

export function patchCases(harness: HarnessOf): void {
  const created = async (spec: Record<string, unknown> = {}): Promise<{ namespace: string; name: string }> => {
    const { client, namespace } = harness();
    const place = await namespace();
    await client.create(widgets, aWidget(place, { spec, labels: { a: "b" } }));
    return { namespace: place, name: "a" };
  };
  const merge = async (spec: Record<string, unknown>, body: object): Promise<Widget> =>
    harness().client.patch<Widget>(widgets, await created(spec), { body });
  const json = async (spec: Record<string, unknown>, body: object[]): Promise<Widget> =>
    harness().client.patch<Widget>(widgets, await created(spec), { body, type: "json" });

  test("a merge patch changes the fields it names and no other", async () => {
    const { spec } = await merge({ word: "one", free: { a: { b: 1, c: 2 } } }, { spec: { free: { a: { b: 3 } } } });
    expect(spec).toMatchObject({ word: "one", size: 2, free: { a: { b: 3, c: 2 } } });
  });

  test("a null in a merge patch removes the field", async () => {
    const { spec, metadata } = await merge(
      { word: "one" },
      { spec: { word: null }, metadata: { labels: { a: null } } },
    );
    expect(spec).not.toHaveProperty("word");
    expect(metadata.labels ?? {}).toEqual({});
  });

  test("a list in a merge patch replaces the list", async () => {
    const { spec } = await merge({ tags: ["a", "b"] }, { spec: { tags: ["c"] } });
    expect(spec["tags"]).toEqual(["c"]);
  });

  test("a field that a merge patch removes gets its default again", async () => {
    expect((await merge({ color: "green" }, { spec: { color: null } })).spec["color"]).toBe("red");
  });

  test("a merge patch that names an older resourceVersion is a conflict", async () => {
    const key = await created();
    const body = { metadata: { resourceVersion: "1" }, spec: { size: 4 } };
    await refusal(harness().client.patch(widgets, key, { body }), ConflictError);
  });

  test("a patch of what is not there is a 404", async () => {
    const { client, namespace } = harness();
    const key = { namespace: await namespace(), name: "no" };
    await refusal(client.patch(widgets, key, { body: { spec: {} } }), NotFoundError);
  });

  test("a patch whose outcome is not valid is refused with the field", async () => {
    expect(await causes(merge({}, { spec: { size: 11 } }))).toEqual(["FieldValueInvalid spec.size"]);
    expect(await causes(merge({}, { spec: { size: null } }))).toContain("FieldValueRequired spec.size");
  });

  test("a patch with an unknown field is refused and names it", async () => {
    const { message } = await refusal(merge({}, { spec: { bogus: 1 } }), InvalidError);
    expect(message).toContain('strict decoding error: unknown field "spec.bogus"');
  });

  test("a patch that would rename the object is refused", async () => {
    await refusal(merge({}, { metadata: { name: "b" } }));
  });

  test("a merge patch that is no object is refused", async () => {
    expect([400, 422]).toContain((await refusal(merge({}, [1, 2]))).code);
  });

  const operations: Record<
    string,
    { spec?: Record<string, unknown>; patch: object[]; expected: Record<string, unknown> }
  > = {
    "add makes a field": { patch: [{ op: "add", path: "/spec/word", value: "new" }], expected: { word: "new" } },
    "add replaces a field that is there": {
      patch: [{ op: "add", path: "/spec/size", value: 4 }],
      expected: { size: 4 },
    },
    "add inserts into a list": {
      spec: { tags: ["a", "c"] },
      patch: [{ op: "add", path: "/spec/tags/1", value: "b" }],
      expected: { tags: ["a", "b", "c"] },
    },
    "add with a dash appends to a list": {
      spec: { tags: ["a"] },
      patch: [{ op: "add", path: "/spec/tags/-", value: "b" }],
      expected: { tags: ["a", "b"] },
    },
    "remove takes an item out of a list": {
      spec: { tags: ["a", "b"] },
      patch: [{ op: "remove", path: "/spec/tags/0" }],
      expected: { tags: ["b"] },
    },
    "replace changes a field": { patch: [{ op: "replace", path: "/spec/size", value: 6 }], expected: { size: 6 } },
    "move takes a value elsewhere": {
      spec: { word: "one" },
      patch: [{ op: "move", from: "/spec/word", path: "/spec/maybe" }],
      expected: { maybe: "one" },
    },
    "copy doubles a value": {
      spec: { word: "one" },
      patch: [{ op: "copy", from: "/spec/word", path: "/spec/maybe" }],
      expected: { word: "one", maybe: "one" },
    },
    "a test that holds lets the rest happen": {
      patch: [
        { op: "test", path: "/spec/size", value: 2 },
        { op: "replace", path: "/spec/size", value: 8 },
      ],
      expected: { size: 8 },
    },
    "~1 in a path stands for a slash": {
      spec: { free: { "a/b": 1 } },
      patch: [{ op: "replace", path: "/spec/free/a~1b", value: 2 }],
      expected: { free: { "a/b": 2 } },
    },
  };
  test.each(Object.entries(operations))("in a JSON patch, %s", async (_, { spec = {}, patch, expected }) => {
    expect((await json(spec, patch)).spec).toMatchObject(expected);
  });

  const failing: Record<string, { patch: object[]; code: number }> = {
    "a test that does not hold": {
      patch: [
        { op: "replace", path: "/spec/size", value: 8 },
        { op: "test", path: "/spec/word", value: "other" },
      ],
      code: 422,
    },
    "a path that is not there": { patch: [{ op: "remove", path: "/spec/none/at/all" }], code: 422 },
    "an index outside the list": { patch: [{ op: "add", path: "/spec/tags/7", value: "x" }], code: 422 },
  };
  test.each(Object.entries(failing))("a JSON patch with %s changes nothing", async (_, { patch, code }) => {
    const key = await created({ word: "one", tags: [] });
    const error = await refusal(harness().client.patch(widgets, key, { body: patch, type: "json" }));
    expect(error.code).toBe(code);
    expect((await harness().client.get<Widget>(widgets, key)).spec["size"]).toBe(2);
  });

  test("a JSON patch that is no list is refused", async () => {
    const key = await created();
    await refusal(harness().client.patch(widgets, key, { body: { op: "add" }, type: "json" }), BadRequestError);
  });

  test("a patch in an unknown format is a 415 that names the known ones", async () => {
    const { namespace } = await created();
    const reply = await ask(harness(), widgetPath(namespace), {
      method: "PATCH",
      body: { spec: { size: 4 } },
      headers: { "content-type": "application/strategic-merge-patch+json" },
    });
    expect(reply.status).toBe(415);
    expect(reply.json().message).toContain("application/merge-patch+json");
  });

  test("merge patches of different fields at once all take effect", async () => {
    const key = await created();
    const { client } = harness();
    const names = Array.from({ length: 4 }, (_, index) => `n${index}`);
    await Promise.all(names.map((name) => client.patch(widgets, key, { body: { spec: { free: { [name]: 1 } } } })));
    expect(Object.keys((await client.get<Widget>(widgets, key)).spec["free"] as object).toSorted()).toEqual(names);
  });
}
