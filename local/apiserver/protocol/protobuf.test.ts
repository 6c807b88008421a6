import { describe, expect, test } from "vitest";
import { StatusError } from "../status.ts";
import { readProtobuf } from "./protobuf.ts";

const read = (base64: string): object => readProtobuf(Buffer.from(base64, "base64"));
/** A field with a length, one byte for its tag. */
const field = (number: number, content: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from([number * 8 + 2, Buffer.from(content).length]), Buffer.from(content)]);
const message = (kind: string, object: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from("k8s\0"), field(1, Buffer.concat([field(1, "v1"), field(2, kind)])), field(2, object)]);

describe("what kubectl sends as protobuf", () => {
  test("is read where it creates a ConfigMap from files", () => {
    const sent =
      "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEjQKFgoGdGFibGVzEgAaACIAKgAyADgAQgASDQoFcC5jc3YSBHgseQoaCwoFYi5iaW4SAv8KGgAiAA==";
    expect(read(sent)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "tables" },
      data: { "p.csv": "x,y\n" },
      binaryData: { "b.bin": "/wo=" },
    });
  });

  test("is read where it creates a namespace or a service account", () => {
    const namespace = "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEdGVhbRIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==";
    expect(read(namespace)).toEqual({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    const account = "azhzAAoUCgJ2MRIOU2VydmljZUFjY291bnQSFQoTCgNib2ISABoAIgAqADIAOABCABoAIgA=";
    expect(read(account)).toEqual({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "bob" } });
  });

  test("is read with labels, empty values, a byte order mark, a length of two bytes and a flag", () => {
    const labels = Buffer.concat([field(1, "app"), field(2, "x")]);
    const long = `\ufeff${"y".repeat(200)}`;
    const value = Buffer.concat([field(1, "b"), Buffer.from([18, 203, 1]), Buffer.from(long)]);
    const data = Buffer.concat([field(2, field(1, "a")), Buffer.from([18, (value.length % 128) | 128, 1]), value]);
    const object = Buffer.concat([field(1, field(11, labels)), data, Buffer.from([4 * 8, 1])]);
    const whole = Buffer.concat([
      message("ConfigMap", Buffer.alloc(0)).subarray(0, -2),
      Buffer.from([18, (object.length % 128) | 128, object.length >> 7]),
      object,
    ]);
    expect(readProtobuf(whole)).toMatchObject({
      metadata: { labels: { app: "x" } },
      data: { a: "", b: long },
      immutable: true,
    });
  });

  const refused: Record<string, { body: Buffer; code: number; says: RegExp }> = {
    "another kind": {
      body: message("Pod", Buffer.alloc(0)),
      code: 415,
      says: /does not read a Pod.*kubectl create -f/,
    },
    "a field that it does not know": {
      body: message("ConfigMap", field(9, "x")),
      code: 415,
      says: /does not read field 9/,
    },
    "no magic word": { body: Buffer.from("{}"), code: 400, says: /not Kubernetes' protobuf/ },
    "a length beyond the end": {
      body: message("ConfigMap", Buffer.from([10, 100])),
      code: 400,
      says: /not Kubernetes' protobuf/,
    },
    "a number without an end": {
      body: Buffer.concat([Buffer.from("k8s\0"), Buffer.alloc(12, 0xff)]),
      code: 400,
      says: /not Kubernetes' protobuf/,
    },
    "a number for a text": {
      body: message("ConfigMap", Buffer.from([8, 1])),
      code: 400,
      says: /not Kubernetes' protobuf/,
    },
    "text that is not UTF-8": {
      body: message("ConfigMap", field(1, field(1, Buffer.from([0xff])))),
      code: 400,
      says: /UTF-8/,
    },
  };
  test.each(Object.entries(refused))("is refused with %s", (_, { body, code, says }) => {
    const reading = (): unknown => readProtobuf(body);
    expect(reading).toThrow(StatusError);
    expect(reading).toThrow(says);
    expect(reading).toThrow(expect.objectContaining({ code }));
  });
});
