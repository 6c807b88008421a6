/** ConfigMaps: what the server keeps, and what it refuses because it could become no file or no variable. */
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { BadRequestError } from "../../kube/errors.ts";
import type { HarnessOf } from "./harness.ts";
import { causes, refusal } from "./refusals.ts";
import { type ConfigMap, configMaps } from "./scene.ts";

type Content = Partial<Record<"data" | "binaryData" | "immutable", unknown>>;

export function configMapCases(harness: HarnessOf): void {
  const create = async (content: Content): Promise<ConfigMap & Content> => {
    const { client, namespace } = harness();
    const metadata = { name: "settings", namespace: await namespace() };
    return client.create(configMaps, { metadata, ...content } as ConfigMap & Content);
  };
  const change = async (from: Content, body: object): Promise<ConfigMap & Content> => {
    const { namespace = "" } = (await create(from)).metadata ?? {};
    return harness().client.patch(configMaps, { namespace, name: "settings" }, { body });
  };

  test("keeps texts, and bytes as base64", async () => {
    const content = { data: { "a.csv": "x,y\n1,ü\n", _: "" }, binaryData: { b: "/wA=", empty: "" } };
    expect(await create(content)).toMatchObject(content);
  });

  const keys: Record<string, string> = {
    "with a space": "a b",
    "that is a path": "a/b",
    "that is empty": "",
    "that is a dot": ".",
    "that is two dots": "..",
    "that begins with two dots": "..data",
    "of 254 characters": "a".repeat(254),
  };
  test.each(Object.entries(keys))("a key %s is refused, for texts and for bytes", async (_, key) => {
    expect(await causes(create({ data: { [key]: "x" } }))).toContain(`FieldValueInvalid data[${key}]`);
    expect(await causes(create({ binaryData: { [key]: "eA==" } }))).toContain(`FieldValueInvalid binaryData[${key}]`);
  });

  test("a key of 253 characters, and one that begins with a dot, are taken", async () => {
    const data = { ["a".repeat(253)]: "x", ".csv": "x", "a..b": "x" };
    expect((await create({ data })).data).toEqual(data);
  });

  test("a key that has both a text and bytes is refused", async () => {
    const twice = create({ data: { a: "x" }, binaryData: { a: "eA==" } });
    expect(await causes(twice)).toEqual(["FieldValueInvalid data[a]"]);
  });

  test("takes 1 MiB of values and no byte more", async () => {
    const half = 2 ** 19;
    const data = { a: "x".repeat(half) };
    const bytes = (count: number) => ({ b: Buffer.alloc(count).toString("base64") });
    await create({ data, binaryData: bytes(half) });
    const { message } = await refusal(create({ data, binaryData: bytes(half + 1) }));
    expect(message).toContain("Too long: may not be more than 1048576 bytes");
  });

  const wrong: Record<string, Content> = {
    "bytes that are not base64": { binaryData: { a: "?" } },
    "a number for a text": { data: { a: 1 } },
    "a list for the texts": { data: [] },
  };
  test.each(Object.entries(wrong))("%s cannot be read", async (_, content) => {
    await refusal(create(content), BadRequestError);
  });

  describe("that is immutable", () => {
    const frozen = { data: { a: "x" }, immutable: true };
    const changes: Record<string, { body: object; field: string }> = {
      "another text": { body: { data: { a: "y" } }, field: "data" },
      "one more text": { body: { data: { b: "y" } }, field: "data" },
      bytes: { body: { binaryData: { b: "eA==" } }, field: "binaryData" },
      "its release": { body: { immutable: null }, field: "immutable" },
    };
    test.each(Object.entries(changes))("refuses %s", async (_, { body, field }) => {
      expect(await causes(change(frozen, body))).toEqual([`FieldValueForbidden ${field}`]);
    });

    test("takes other labels", async () => {
      expect(await change(frozen, { metadata: { labels: { a: "b" } } })).toMatchObject(frozen);
    });
  });

  test("may come as protobuf, as kubectl create sends it", async () => {
    const { namespace, transport } = harness();
    const body =
      "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEjQKFgoGdGFibGVzEgAaACIAKgAyADgAQgASDQoFcC5jc3YSBHgseQoaCwoFYi5iaW4SAv8KGgAiAA==";
    const { status, body: answer } = await transport.send({
      method: "POST",
      path: `/api/v1/namespaces/${await namespace()}/configmaps?fieldValidation=Strict`,
      headers: { "content-type": "application/vnd.kubernetes.protobuf", accept: "application/json" },
      body: Buffer.from(body, "base64"),
    });
    expect(status).toBe(201);
    const created = JSON.parse(await text(answer)) as ConfigMap;
    expect(created).toMatchObject({ data: { "p.csv": "x,y\n" }, binaryData: { "b.bin": "/wo=" } });
  });

  test("may become immutable", async () => {
    expect(await change({ data: { a: "x" } }, { immutable: true, data: { a: "y" } })).toMatchObject({
      data: { a: "y" },
      immutable: true,
    });
  });
}
