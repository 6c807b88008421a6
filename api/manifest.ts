/**
 * A task as a person sends it, made ready for the API server, which judges what is in it: here only what belongs to
 * this door, that is which namespace, which name, and no second opinion about either.
 */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/objects.ts";
import { annotations, apiVersion, trainTasks } from "../traintask/names.ts";
import { Problem } from "./problem.ts";
import { dnsLabel } from "./query.ts";

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws Problem 400 unless the value is an object */
function fieldsAt(value: unknown, at: string): Fields {
  if (isFields(value)) return value;
  const what = at === "" ? "The body" : at.slice(1);
  throw new Problem({
    status: 400,
    detail: `${what} must be an object.`,
    errors: [
      {
        pointer: at,
        detail:
          value === null ? "null, not an object" : `${Array.isArray(value) ? "a list" : typeof value}, not an object`,
      },
    ],
  });
}

/** May be left out at this door, where it can only be one thing. */
function checkIs(body: Fields, field: "apiVersion" | "kind", wanted: string): void {
  if (body[field] === undefined || body[field] === wanted) return;
  throw new Problem({
    status: 400,
    detail: `This is no ${trainTasks.kind} of ${apiVersion}.`,
    errors: [{ pointer: `/${field}`, detail: `must be ${wanted}, or absent` }],
  });
}

export interface ManifestOptions {
  /** From the query; undefined when it was not given. */
  readonly namespace: string | undefined;
  /** The request's key and body, when it came with an Idempotency-Key. */
  readonly idempotency?: { readonly key: string; readonly body: Uint8Array };
}

/** What it asks for is the API server's to judge: here the spec is whatever was sent. */
export type Manifest = KubeObject & { metadata: { namespace: string; name?: string }; spec?: unknown };

/**
 * @param value the body
 * @throws Problem 400 with pointers
 */
export function readManifest(value: unknown, { namespace, idempotency }: ManifestOptions): Manifest {
  const body = fieldsAt(value, "");
  checkIs(body, "apiVersion", apiVersion);
  checkIs(body, "kind", trainTasks.kind);
  const metadata = body["metadata"] === undefined ? {} : fieldsAt(body["metadata"], "/metadata");
  const own = metadata["namespace"];
  if (namespace !== undefined && own !== undefined && own !== namespace)
    throw new Problem({
      status: 400,
      detail: `The query says namespace ${namespace}, the task says otherwise.`,
      errors: [{ pointer: "/metadata/namespace", detail: `must be ${namespace}, or absent` }],
    });
  if (own !== undefined && !(typeof own === "string" && dnsLabel.test(own)))
    throw new Problem({
      status: 400,
      detail: "This cannot be the name of a namespace.",
      errors: [{ pointer: "/metadata/namespace", detail: "must be a DNS label: a-z, 0-9 and - between them" }],
    });
  const named: Fields = { ...metadata, namespace: own ?? namespace ?? "default" };
  if (!named["name"] && !named["generateName"]) {
    delete named["name"];
    if (idempotency === undefined) named["generateName"] = "task-";
    else named["name"] = `task-${nameFromKey(idempotency.key)}`;
  } else if (!named["name"] && idempotency !== undefined) {
    named["name"] = `${String(named["generateName"]).slice(0, 42)}${nameFromKey(idempotency.key)}`;
    delete named["generateName"];
  }
  if (idempotency !== undefined)
    named["annotations"] = {
      ...(metadata["annotations"] === undefined ? {} : fieldsAt(metadata["annotations"], "/metadata/annotations")),
      [annotations.requestDigest]: requestDigest(idempotency.body),
    };
  return { apiVersion, kind: trainTasks.kind, ...body, metadata: named } as unknown as Manifest;
}

/** 20 hexadecimal digits: two keys of a namespace never meet by chance. */
function nameFromKey(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 20);
}

export function requestDigest(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}
