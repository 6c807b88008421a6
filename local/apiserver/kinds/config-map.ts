/** ConfigMaps: texts and bytes by key. A key may become a file's name, and all values together fit into 1 MiB. */
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../../kube/objects.ts";
import { forbiddenField, invalidValue, type Cause } from "../status.ts";
import type { Behaviour } from "./kind.ts";

export interface ConfigMap extends KubeObject {
  data?: Readonly<Record<string, string>>;
  /** Base64. */
  binaryData?: Readonly<Record<string, string>>;
  immutable?: boolean;
}

const maxBytes = 1 << 20;
const longestKey = 253;
/** In Kubernetes' words. */
const keySentence =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
  "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const unchangeable = "field is immutable when `immutable` is set";

export const configMapBehaviour: Behaviour = {
  validate: (object: ConfigMap, old: ConfigMap | undefined) => [
    ...(old?.immutable === true ? changes(object, old) : []),
    ...keyCauses(object),
    ...sizeCauses(object),
  ],
};

function changes(object: ConfigMap, old: ConfigMap): Cause[] {
  return [
    ...(object.immutable === true ? [] : [forbiddenField("immutable", unchangeable)]),
    ...(["data", "binaryData"] as const).flatMap((field) =>
      isDeepStrictEqual(object[field] ?? {}, old[field] ?? {}) ? [] : [forbiddenField(field, unchangeable)],
    ),
  ];
}

function keyCauses({ data = {}, binaryData = {} }: ConfigMap): Cause[] {
  const cause = (bag: string, key: string) => (why: string) => invalidValue(`${bag}[${key}]`, key, why);
  return [
    ...Object.keys(data).flatMap((key) => [...faults(key), ...twice(key, binaryData)].map(cause("data", key))),
    ...Object.keys(binaryData).flatMap((key) => faults(key).map(cause("binaryData", key))),
  ];
}

function twice(key: string, binaryData: object): string[] {
  return Object.hasOwn(binaryData, key) ? ["duplicate of key present in binaryData"] : [];
}

function faults(key: string): string[] {
  return [
    ...(key.length > longestKey ? [`must be no more than ${longestKey} bytes`] : []),
    ...(/^[-._a-zA-Z0-9]+$/.test(key) ? [] : [keySentence]),
    ...(key === "." ? ["must not be '.'"] : []),
    ...(key === ".." ? ["must not be '..'"] : key.startsWith("..") ? ["must not start with '..'"] : []),
  ];
}

function sizeCauses({ data = {}, binaryData = {} }: ConfigMap): Cause[] {
  const texts = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const bytes = Object.values(binaryData).reduce((sum, text) => sum + Buffer.byteLength(text, "base64"), 0);
  if (texts + bytes <= maxBytes) return [];
  return [{ field: "", reason: "FieldValueTooLong", message: `Too long: may not be more than ${maxBytes} bytes` }];
}
