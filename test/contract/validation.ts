/** What a custom resource definition makes the server check: structure, values, defaults, CEL rules. */
import { describe, expect, test } from "vitest";
import { BadRequestError } from "../../kube/errors.ts";
import { ask, type Reply } from "./ask.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";
import { aWidget, widgets, widgetsPath, type Widget } from "./widgets.ts";

export function validationCases(harness: HarnessOf): void {
  const create = async (spec: Record<string, unknown>): Promise<Widget> => {
    const { client, namespace } = harness();
    return client.create<Widget>(widgets, aWidget(await namespace(), { spec }));
  };
  const change = async (from: Record<string, unknown>, to: Record<string, unknown>): Promise<Widget> => {
    const { namespace = "", name = "" } = (await create(from)).metadata;
    return harness().client.patch<Widget>(widgets, { namespace, name }, { body: { spec: to } });
  };

  describe("fields that the schema does not have", () => {
    const post = async (query: string, body: object | string): Promise<Reply> => {
      const { namespace, transport } = harness();
      return ask({ transport }, `${widgetsPath(await namespace())}${query}`, { method: "POST", body });
    };
    const { metadata: _, ...bare } = aWidget("");
    const widget = { ...bare, metadata: { name: "a" }, spec: { size: 2, bogus: 1 } };

    test("are refused and named with fieldValidation=Strict", async () => {
      const reply = await post("?fieldValidation=Strict", widget);
      expect(reply.status).toBe(400);
      expect(reply.json().message).toContain('strict decoding error: unknown field "spec.bogus"');
    });

    test("are dropped with a warning with fieldValidation=Warn, and when nothing is said", async () => {
      for (const query of ["?fieldValidation=Warn", ""]) {
        const reply = await post(query, widget);
        expect(reply.status).toBe(201);
        expect(reply.headers["warning"]).toContain('unknown field \\"spec.bogus\\"');
        expect(reply.json<Widget>().spec).not.toHaveProperty("bogus");
      }
    });

    test("are dropped silently with fieldValidation=Ignore", async () => {
      const reply = await post("?fieldValidation=Ignore", widget);
      expect(reply.headers).not.toHaveProperty("warning");
      expect(reply.json<Widget>().spec).not.toHaveProperty("bogus");
    });

    test("another word for fieldValidation is refused", async () => {
      expect((await post("?fieldValidation=Maybe", widget)).status).toBe(422);
    });

    test("in metadata, and in items of lists, are named too", async () => {
      const { client, namespace } = harness();
      const wrong = aWidget(await namespace(), { spec: { parts: [{ id: "a" }, { id: "b", bogus: 1 }] } });
      const metadata = { ...wrong.metadata, bogus: 1 };
      const { message } = await refusal(client.create(widgets, { ...wrong, metadata }), BadRequestError);
      expect(message).toContain('unknown field "metadata.bogus"');
      expect(message).toContain('unknown field "spec.parts[1].bogus"');
    });

    test("a field that stands twice is refused with Strict", async () => {
      const text =
        '{"apiVersion":"contract.traintask.dev/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":1,"size":2}}';
      const reply = await post("?fieldValidation=Strict", text);
      expect(reply.status).toBe(400);
      expect(reply.json().message).toContain('duplicate field "spec.size"');
    });

    test("a field called __proto__ is an unknown field like any other", async () => {
      const text =
        '{"apiVersion":"contract.traintask.dev/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":1,"__proto__":{"size":3}}}';
      expect((await post("?fieldValidation=Strict", text)).status).toBe(400);
      const kept = await post("?fieldValidation=Ignore", text);
      expect(kept.json<Widget>().spec["size"]).toBe(1);
    });

    test("are kept where the schema says so", async () => {
      expect((await create({ free: { any: { thing: [1, "x"] } } })).spec["free"]).toEqual({ any: { thing: [1, "x"] } });
    });
  });

  describe("values", () => {
    const wrong: Record<string, { spec: Record<string, unknown>; cause: string }> = {
      "a number below its minimum": { spec: { size: 0 }, cause: "FieldValueInvalid spec.size" },
      "a number above its maximum": { spec: { size: 11 }, cause: "FieldValueInvalid spec.size" },
      "a number that must be more than 0 and is not": { spec: { ratio: 0 }, cause: "FieldValueInvalid spec.ratio" },
      "a string for a number": { spec: { size: "2" }, cause: "FieldValueTypeInvalid spec.size" },
      "a fraction for an integer": { spec: { size: 2.5 }, cause: "FieldValueTypeInvalid spec.size" },
      "a null for a required number, which then is missing,": {
        spec: { size: null },
        cause: "FieldValueRequired spec.size",
      },
      "a list for an object": { spec: { nested: [] }, cause: "FieldValueTypeInvalid spec.nested" },
      "a word that is too long": { spec: { word: "abcdefghijk" }, cause: "FieldValueTooLong spec.word" },
      "a word that is too short": { spec: { word: "a" }, cause: "FieldValueInvalid spec.word" },
      "a word against its pattern": { spec: { word: "ABC" }, cause: "FieldValueInvalid spec.word" },
      "a word outside its list": { spec: { color: "blue" }, cause: "FieldValueNotSupported spec.color" },
      "too many items": { spec: { tags: ["a", "b", "c", "d"] }, cause: "FieldValueTooMany spec.tags" },
      "too many keys": { spec: { labels: { a: "", b: "", c: "" } }, cause: "FieldValueTooMany spec.labels" },
      "a value of a map that is too long": {
        spec: { labels: { a: "abcdefghijk" } },
        cause: "FieldValueTooLong spec.labels.a",
      },
      "a time that is none": { spec: { when: "yesterday" }, cause: "FieldValueTypeInvalid spec.when" },
      "a required field missing in an item": {
        spec: { parts: [{ count: 1 }] },
        cause: "FieldValueRequired spec.parts[0].id",
      },
      "an item twice in a set": { spec: { tags: ["a", "a"] }, cause: "FieldValueDuplicate spec.tags[1]" },
      "a key twice in a list of keyed items": {
        spec: { parts: [{ id: "a" }, { id: "a", count: 2 }] },
        cause: "FieldValueDuplicate spec.parts[1]",
      },
      "a boolean for an integer or string": { spec: { limit: true }, cause: "FieldValueTypeInvalid spec.limit" },
    };
    test.each(Object.entries(wrong))("%s is refused with its field", async (_, { spec, cause }) => {
      expect(await causes(create(spec))).toContain(cause);
    });

    const right: Record<string, Record<string, unknown>> = {
      "an integer or string may be an integer": { limit: 3 },
      "an integer or string may be a string": { limit: "30%" },
      "a nullable field may be null": { maybe: null },
      "a time may have a zone and a fraction": { when: "2030-01-01T00:00:00.25+02:00" },
      "a number may be a fraction": { ratio: 0.5 },
    };
    test.each(Object.entries(right))("%s", async (_, spec) => {
      expect((await create(spec)).spec).toMatchObject(spec);
    });

    test("every wrong field is named at once", async () => {
      const found = await causes(create({ size: 11, word: "ABC", color: "blue" }));
      expect(found).toEqual(
        expect.arrayContaining([
          "FieldValueInvalid spec.size",
          "FieldValueInvalid spec.word",
          "FieldValueNotSupported spec.color",
        ]),
      );
    });

    test("a missing part that is required is named", async () => {
      const { client, namespace } = harness();
      const { spec: _, ...bare } = aWidget(await namespace());
      expect(await causes(client.create(widgets, bare))).toContain("FieldValueRequired spec");
    });
  });

  describe("defaults", () => {
    test("stand where nothing was said, also in items of lists", async () => {
      const { spec } = await create({ parts: [{ id: "a" }] });
      expect(spec).toMatchObject({ color: "red", parts: [{ id: "a", count: 1 }] });
    });

    test("of a part stand only when the part is there", async () => {
      expect((await create({})).spec).not.toHaveProperty("nested");
      expect((await create({ nested: {} })).spec["nested"]).toEqual({ flag: true });
    });

    test("take the place of a null", async () => {
      expect((await create({ color: null })).spec["color"]).toBe("red");
    });
  });

  describe("CEL rules", () => {
    test("refuse with their message", async () => {
      const { message, status } = await refusal(create({ color: "green", size: 3 }));
      expect(status.code).toBe(422);
      expect(message).toContain("a green widget has an even size");
    });

    test("at the root see the object's name", async () => {
      const { client, namespace } = harness();
      const widget = aWidget(await namespace(), { name: "a".repeat(31) });
      expect((await refusal(client.create(widgets, widget))).message).toContain("at most 30 characters");
    });

    test("speak with their own message, field and reason", async () => {
      const { message, status } = await refusal(create({ word: "bad" }));
      expect(message).toContain("the word bad is not allowed");
      expect(status.details?.causes?.map(({ field, reason }) => [field, reason])).toEqual([
        ["spec.word", "FieldValueForbidden"],
      ]);
    });

    const frozen: Record<string, [Record<string, unknown>, Record<string, unknown>]> = {
      changed: [{ frozen: "a" }, { frozen: "b" }],
      added: [{}, { frozen: "b" }],
      removed: [{ frozen: "a" }, { frozen: null }],
    };
    test.each(Object.entries(frozen))("keep an immutable field from being %s", async (_, [from, to]) => {
      expect((await refusal(change(from, to))).message).toContain("frozen is immutable");
    });

    test("let other fields change beside an immutable one", async () => {
      expect((await change({ frozen: "a" }, { size: 4 })).spec).toMatchObject({ frozen: "a", size: 4 });
    });

    test("compare items of a keyed list with the item of the same key, wherever it stands", async () => {
      const parts = [
        { id: "a", count: 5 },
        { id: "b", count: 1 },
      ];
      const swapped = [
        { id: "b", count: 2 },
        { id: "c", count: 0 },
        { id: "a", count: 5 },
      ];
      expect((await change({ parts }, { parts: swapped })).spec["parts"]).toEqual(swapped);
      const call = change({ parts }, { parts: [{ id: "b" }, { id: "a", count: 4 }] });
      expect((await refusal(call)).message).toContain("count cannot shrink");
    });

    test("are not asked about a value of the wrong form, and the refusal says so", async () => {
      const { message } = await refusal(create({ color: "green", size: "3" }));
      expect(message).toContain("some validation rules were not checked");
      expect(message).not.toContain("even size");
    });

    test("guard the status too: what is done stays done", async () => {
      const { namespace = "", name = "" } = (await create({})).metadata;
      const key = { namespace, name };
      const { client } = harness();
      await client.patchStatus(widgets, key, { body: { status: { phase: "Done" } } });
      const back = client.patchStatus(widgets, key, { body: { status: { phase: "New" } } });
      expect((await refusal(back)).message).toContain("done is final");
      const seen = await client.patchStatus<Widget>(widgets, key, { body: { status: { seen: 3 } } });
      expect(seen.status).toEqual({ phase: "Done", seen: 3 });
    });

    test("and values of the status are checked like those of the spec", async () => {
      const { namespace = "", name = "" } = (await create({})).metadata;
      const call = harness().client.patchStatus(widgets, { namespace, name }, { body: { status: { seen: -1 } } });
      expect(await causes(call)).toEqual(["FieldValueInvalid status.seen"]);
    });
  });
}
