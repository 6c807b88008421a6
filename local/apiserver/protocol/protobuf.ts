/**
 * Kubernetes' protobuf, as far as kubectl sends it whatever the server says that it reads: `kubectl create` with a
 * ConfigMap, a namespace or a service account. A field that is not in these tables is refused, never dropped.
 *
 *     "k8s\0"  Unknown { 1: TypeMeta { 1: apiVersion, 2: kind }, 2: the object }
 */
import { badRequest, unsupportedMediaType } from "../status.ts";

/** How a field is read; "ignored" are those that the server sets by itself. */
type Kind = "text" | "bytes" | "flag" | "ignored" | Message | { readonly map: "text" | "bytes" };
type Message = { readonly fields: Readonly<Record<number, readonly [name: string, kind: Kind]>> };

const metadata: Message = {
  fields: {
    1: ["name", "text"],
    2: ["generateName", "text"],
    3: ["namespace", "text"],
    4: ["selfLink", "ignored"],
    5: ["uid", "text"],
    6: ["resourceVersion", "text"],
    7: ["generation", "ignored"],
    8: ["creationTimestamp", "ignored"],
    11: ["labels", { map: "text" }],
    12: ["annotations", { map: "text" }],
  },
};

const messages: ReadonlyMap<string, Message> = new Map([
  [
    "v1/ConfigMap",
    {
      fields: {
        1: ["metadata", metadata],
        2: ["data", { map: "text" }],
        3: ["binaryData", { map: "bytes" }],
        4: ["immutable", "flag"],
      },
    },
  ],
  ["v1/Namespace", { fields: { 1: ["metadata", metadata], 2: ["spec", "ignored"], 3: ["status", "ignored"] } }],
  ["v1/ServiceAccount", { fields: { 1: ["metadata", metadata] } }],
]);

const magic = Buffer.from("k8s\0");
const envelope: Message = {
  fields: {
    1: ["type", { fields: { 1: ["apiVersion", "text"], 2: ["kind", "text"] } }],
    2: ["object", "bytes"],
    3: ["contentEncoding", "ignored"],
    4: ["contentType", "ignored"],
  },
};

/** @throws StatusError 400 for what is no such message, 415 for one that this server does not read */
export function readProtobuf(body: Uint8Array): object {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!bytes.subarray(0, magic.length).equals(magic)) throw broken();
  const { type, object = "" } = read(bytes.subarray(magic.length), envelope) as {
    type?: { apiVersion?: string; kind?: string };
    object?: string;
  };
  const { apiVersion = "", kind = "" } = type ?? {};
  const message = messages.get(`${apiVersion}/${kind}`);
  if (message === undefined) throw notRead(`a ${kind}`);
  return { apiVersion, kind, ...read(Buffer.from(object, "base64"), message) };
}

/** Fields with their zero value are left out, as Kubernetes leaves them out of JSON. */
function read(bytes: Buffer, { fields }: Message): Record<string, unknown> {
  const found = new Map<string, unknown>();
  const maps = new Map<string, Map<string, string>>();
  for (const { number, value } of wireFields(bytes)) {
    const [name, kind] = fields[number] ?? [];
    if (name === undefined || kind === undefined) throw notRead(`field ${number} of a message`);
    if (kind === "ignored") continue;
    if (typeof kind === "object" && "map" in kind) {
      const map = maps.get(name) ?? new Map<string, string>();
      const { key, item } = entry(asBytes(value), kind.map);
      maps.set(name, map.set(key, item));
    } else {
      const content = contentOf(value, kind);
      if (content !== "") found.set(name, content);
    }
  }
  for (const [name, map] of maps) found.set(name, Object.fromEntries(map));
  return Object.fromEntries(found);
}

function contentOf(value: number | Buffer, kind: "text" | "bytes" | "flag" | Message): unknown {
  if (kind === "flag") return value === 1;
  const bytes = asBytes(value);
  if (kind === "bytes") return bytes.toString("base64");
  return kind === "text" ? text(bytes) : read(bytes, kind);
}

function entry(bytes: Buffer, kind: "text" | "bytes"): { key: string; item: string } {
  let [key, item] = ["", ""];
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) key = text(asBytes(value));
    else item = String(contentOf(value, kind));
  }
  return { key, item };
}

interface WireField {
  readonly number: number;
  /** A varint, or bytes with a length. */
  readonly value: number | Buffer;
}

function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > Number.MAX_SAFE_INTEGER) throw broken();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 2) {
      const length = varint();
      if (at + length > bytes.length) throw broken();
      yield { number, value: bytes.subarray(at, (at += length)) };
    } else throw broken();
  }
}

function asBytes(value: number | Buffer): Buffer {
  if (typeof value === "number") throw broken();
  return value;
}

function text(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badRequest("the body is not valid UTF-8");
  }
}

const broken = () => badRequest("the body is not Kubernetes' protobuf");
const notRead = (what: string) =>
  unsupportedMediaType(
    `this local cluster does not read ${what} as protobuf: write the object to a file and use kubectl create -f`,
  );
