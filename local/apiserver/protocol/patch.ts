/** PATCH: a merge patch or a JSON patch of the object as it is now, then an update like any other. */
import type { KubeObject } from "../../../kube/objects.ts";
import { badRequest, notFound, StatusError, unsupportedMediaType } from "../status.ts";
import { storeKey, subject, update, type Machine } from "../writes.ts";
import { ok, type Answer } from "./answer.ts";
import { mediaType, text } from "./body.ts";
import { decodePatched, fieldValidation } from "./field-validation.ts";
import { readJson } from "./json.ts";
import { JsonPatchError, jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { isDryRun } from "./dry-run.ts";
import type { ResourceRequest } from "./request.ts";

const accepted = "application/json-patch+json, application/merge-patch+json";

/** @throws StatusError */
export function patchObject(machine: Machine, request: ResourceRequest & { name: string }): Answer {
  const { kind, name, namespace, subresource, query } = request;
  const validation = fieldValidation(query);
  const type = mediaType(request.headers);
  requirePatchType(type);
  const patch = readJson(text(request.body));
  const old = machine.store.get(kind.id, storeKey(namespace === undefined ? { name } : { namespace, name }));
  if (old === undefined) throw notFound(subject(kind, name));
  const value =
    type === "application/json-patch+json" ? patchedByJson(old, patch.value) : patchedByMerge(old, patch.value);
  const { object, warnings } = decodePatched(kind, { value, patch }, validation);
  requireSameName(object, old);
  const change = { object, dryRun: isDryRun(query) };
  return ok(update(machine, kind, subresource === "status" ? { ...change, subresource } : change), warnings);
}

function requirePatchType(type: string): void {
  if (type === "application/merge-patch+json" || type === "application/json-patch+json") return;
  if (type === "application/apply-patch+yaml") {
    throw unsupportedMediaType(
      "this local cluster does not support server-side apply; use kubectl apply without --server-side, or a merge patch",
    );
  }
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted}; with kubectl patch, say --type=merge`,
  );
}

function patchedByMerge(old: KubeObject, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    throw badRequest("a merge patch must be a JSON object");
  }
  return mergePatch(old, patch);
}

function patchedByJson(old: KubeObject, patch: unknown): unknown {
  try {
    return jsonPatch(old, patch);
  } catch (cause) {
    if (!(cause instanceof JsonPatchError)) throw cause;
    if (cause.malformed) throw badRequest(cause.message);
    throw new StatusError({
      code: 422,
      reason: "Invalid",
      message: `the server rejected our request due to an error in our request: ${cause.message}`,
    });
  }
}

/** A patch changes an object; it cannot make another one of it. */
function requireSameName({ metadata = {} }: KubeObject, old: KubeObject): void {
  if (metadata.name !== old.metadata?.name) {
    throw badRequest("the name of the object in the patch does not match the name on the URL");
  }
  if (metadata.namespace !== old.metadata?.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
