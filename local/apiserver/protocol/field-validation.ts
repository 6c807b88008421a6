/**
 * What happens to fields that the schema does not have, or that stand twice: `fieldValidation` is Strict (refused),
 * Warn (dropped, said in Warning headers; the default) or Ignore (dropped).
 */
import type { KubeObject } from "../../../kube/objects.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import { badRequest, invalid, invalidOption, invalidValue, notSupported, strictDecodingError } from "../status.ts";
import { decode } from "../writes.ts";
import type { ReadJson } from "./json.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface Decoded {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** @throws StatusError 422 for another word */
export function fieldValidation(query: URLSearchParams): FieldValidation {
  const word = query.get("fieldValidation") ?? "Warn";
  if (word === "Strict" || word === "Warn" || word === "Ignore") return word;
  if (word === "") return "Warn";
  throw invalidOption("CreateOptions", notSupported("fieldValidation", word, ["Ignore", "Strict", "Warn"]));
}

/** Decodes the body of a create or an update. @throws StatusError */
export function decodeBody(kind: Kind, read: ReadJson, validation: FieldValidation): Decoded {
  const { object, unknown } = decode(kind, requireObject(kind, read.value));
  const errors = fieldErrors(read, unknown);
  if (validation === "Strict" && errors.length > 0) throw strictDecodingError(kind.resource, errors);
  return { object, warnings: validation === "Warn" ? errors : [] };
}

/** Decodes an object that a patch has made; `patch` is what was sent. @throws StatusError */
export function decodePatched(
  kind: Kind,
  patched: { readonly value: unknown; readonly patch: ReadJson },
  validation: FieldValidation,
): Decoded {
  const { object, unknown } = decode(kind, requireObject(kind, patched.value));
  const errors = fieldErrors(patched.patch, unknown);
  if (validation === "Strict" && errors.length > 0) {
    const why = `strict decoding error: ${errors.join(", ")}`;
    throw invalid({ ...kind.resource, group: "", kind: "", plural: "", name: "" }, [
      invalidValue("patch", JSON.stringify(patched.value), why),
    ]);
  }
  return { object, warnings: validation === "Warn" ? errors : [] };
}

const fieldErrors = ({ duplicates, forbidden }: ReadJson, unknown: readonly string[]): string[] => [
  ...duplicates.map((path) => `duplicate field "${path}"`),
  ...[...forbidden, ...unknown].map((path) => `unknown field "${path}"`),
];

/** An object of this very kind; apiVersion and kind may be left out for built-in kinds, as in Kubernetes. */
function requireObject(kind: Kind, value: unknown): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRequest("the body must be a JSON object");
  }
  const expected = apiVersionOf(kind.resource);
  const { apiVersion = kind.custom ? "" : expected, kind: name = kind.custom ? "" : kind.resource.kind } = value as {
    apiVersion?: unknown;
    kind?: unknown;
  };
  if (name === "") throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(value).slice(0, 200)}'`);
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${expected})`,
    );
  }
  if (name !== kind.resource.kind && kind.custom) {
    // A custom resource is decoded whatever its kind, and then judged.
    const subject = { ...kind.resource, kind: String(name), name: objectName(value) };
    throw invalid(subject, [invalidValue("kind", name, `must be ${kind.resource.kind}`)]);
  }
  if (name !== kind.resource.kind) {
    throw badRequest(
      `${kind.resource.kind} in version "${kind.resource.version}" cannot be handled as a ${String(name)}`,
    );
  }
  return value;
}

function objectName(value: object): string {
  const { metadata } = value as { metadata?: { name?: unknown } | null };
  return typeof metadata?.name === "string" ? metadata.name : "";
}
