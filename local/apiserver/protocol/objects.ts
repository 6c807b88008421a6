/** The verbs on objects and lists: get, list, watch, create, update, patch, delete, and delete of a whole list. */
import type { KubeObject, ObjectKey } from "../../../kube/objects.ts";
import { remove } from "../deletion.ts";
import type { Kind } from "../kinds/kind.ts";
import { badRequest, methodNotAllowed, notFound, unknownResource } from "../status.ts";
import { create, storeKey, subject, update, type Machine } from "../writes.ts";
import { ok, type Answer } from "./answer.ts";
import { readBody } from "./body.ts";
import { deleteOptions } from "./delete-options.ts";
import { isDryRun } from "./dry-run.ts";
import { decodeBody, fieldValidation } from "./field-validation.ts";
import { listPage } from "./list.ts";
import { patchObject } from "./patch.ts";
import { presentation } from "./presentation.ts";
import { flag, type ResourceRequest } from "./request.ts";
import { watchLines } from "./watch.ts";

/** @throws StatusError */
export function serveObjects(machine: Machine, request: ResourceRequest): Answer {
  const { method, kind, name, subresource } = request;
  if (kind.behaviour.readOnly === true && method !== "GET") throw methodNotAllowed();
  if (subresource !== undefined && !(subresource === "status" && kind.hasStatus)) throw unknownResource();
  if (method === "GET" && flag(request.query, "watch")) return watch(machine, request);
  return name === undefined ? serveList(machine, request) : serveOne(machine, { ...request, name });
}

type Named = ResourceRequest & { readonly name: string };

function serveOne(machine: Machine, request: Named): Answer {
  switch (request.method) {
    case "GET":
      return ok(presentation(request, machine.clock).one(existing(machine, request)));
    case "POST":
      // So it is in Kubernetes: a custom object is created at its own path too, by the name in the body.
      if (!request.kind.custom || request.subresource !== undefined) throw methodNotAllowed();
      return post(machine, request);
    case "PUT":
      return put(machine, request);
    case "PATCH":
      return patchObject(machine, request);
    case "DELETE":
      if (request.subresource !== undefined) throw methodNotAllowed();
      return deleteOne(machine, request);
    default:
      throw methodNotAllowed();
  }
}

function serveList(machine: Machine, request: ResourceRequest): Answer {
  switch (request.method) {
    case "GET": {
      const page = listPage(machine.store, request);
      return ok(presentation(request, machine.clock).list(page));
    }
    case "POST":
      return post(machine, request);
    case "DELETE":
      return deleteAll(machine, request);
    default:
      throw methodNotAllowed();
  }
}

const keyOf = ({ namespace, name }: Named): ObjectKey => (namespace === undefined ? { name } : { namespace, name });

export function existing({ store }: Machine, request: Named): KubeObject {
  const object = store.get(request.kind.id, storeKey(keyOf(request)));
  if (object === undefined) throw notFound(subject(request.kind, request.name));
  return object;
}

function watch(machine: Machine, request: ResourceRequest): Answer {
  const lines = watchLines(machine, request);
  const encoder = new TextEncoder();
  const show = presentation(request, machine.clock).line;
  async function* stream(): AsyncGenerator<Uint8Array> {
    for await (const line of lines) yield encoder.encode(`${JSON.stringify(show(line))}\n`);
  }
  return { status: 200, headers: { "content-type": "application/json" }, stream: stream() };
}

function post(machine: Machine, request: ResourceRequest): Answer {
  const { kind, query } = request;
  if (kind.resource.namespaced && request.namespace === undefined) throw methodNotAllowed();
  const decoded = decodeBody(kind, readBody(request.body, request.headers), fieldValidation(query));
  const object = placed(decoded.object, request);
  const created = create(machine, kind, { object, dryRun: isDryRun(query) });
  return { ...ok(created, decoded.warnings), status: 201 };
}

function put(machine: Machine, request: Named): Answer {
  const { kind, query, name, subresource } = request;
  const decoded = decodeBody(kind, readBody(request.body, request.headers), fieldValidation(query));
  const object = placed(decoded.object, request);
  if ((object.metadata?.name ?? name) !== name) {
    throw badRequest(`the name of the object (${object.metadata?.name}) does not match the name on the URL (${name})`);
  }
  const change = { object: { ...object, metadata: { ...object.metadata, name } }, dryRun: isDryRun(query) };
  const isNew = machine.store.get(kind.id, storeKey(keyOf(request))) === undefined;
  const updated = update(machine, kind, subresource === "status" ? { ...change, subresource } : change);
  return { ...ok(updated, decoded.warnings), status: isNew ? 201 : 200 };
}

/** The object in the request's namespace. @throws StatusError 400 when it says that it belongs elsewhere */
function placed(object: KubeObject, { namespace }: ResourceRequest): KubeObject {
  const { metadata = {} } = object;
  if ((metadata.namespace ?? "") !== "" && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace } };
}

function deleteOne(machine: Machine, request: Named): Answer {
  const { kind, name } = request;
  const { object, gone } = remove(machine, kind, { ...deleteOptions(request), key: keyOf(request) });
  return ok(gone && kind.id !== "pods" ? deletedStatus(kind, name, object) : object);
}

function deletedStatus({ resource }: Kind, name: string, { metadata }: KubeObject): object {
  const group = resource.group === "" ? {} : { group: resource.group };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...group, kind: resource.plural, uid: metadata?.uid },
  };
}

function deleteAll(machine: Machine, request: ResourceRequest): Answer {
  const { kind } = request;
  if (kind.id === "namespaces") throw methodNotAllowed();
  const options = deleteOptions(request);
  const page = listPage(machine.store, request);
  for (const { metadata } of page.items) {
    const { name = "", namespace, uid = "" } = metadata ?? {};
    remove(machine, kind, { ...options, uid, key: namespace === undefined ? { name } : { namespace, name } });
  }
  return ok(presentation(request, machine.clock).list(page));
}
