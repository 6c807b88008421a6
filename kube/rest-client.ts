/**
 * The KubeClient that speaks Kubernetes' REST protocol over any Transport: a pooled connection to a real API server,
 * or a direct call into the local one.
 */
import { readAnswer, readError, succeeded, warningsIn } from "./answers.ts";
import type { CallOptions, DeleteOptions, KubeClient, PatchChange, WriteOptions } from "./client.ts";
import type { KubeObject, ObjectKey, Resource } from "./objects.ts";
import { collectionPath, listPath, logPath, objectPath, queryString, watchPath } from "./paths.ts";
import { reviewAccess, reviewToken } from "./reviews.ts";
import type { Transport, TransportResponse } from "./transport.ts";
import { watchEvents } from "./watch-lines.ts";

export interface RestClientOptions {
  /** Name under which the server notes our writes. Default "traintask". */
  readonly fieldManager?: string;
  /** Told each warning that the server sends with an answer (deprecations, duplicate fields). */
  readonly onWarning?: (warning: string, call: { method: string; path: string }) => void;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  readonly stream?: boolean;
}

type Send = (call: Call, options?: CallOptions) => Promise<TransportResponse>;
type Answer = <T>(call: Call, options?: CallOptions) => Promise<T>;

export function restClient(transport: Transport, options: RestClientOptions = {}): KubeClient {
  const send = sender(transport, options.onWarning);
  // The type is the caller's claim, as KubeClient says.
  const answer: Answer = async <T>(call: Call, callOptions?: CallOptions) =>
    (await readAnswer(await send(call, callOptions), `${call.method} ${call.path}`)) as T;
  const query = (write: WriteOptions = {}): string =>
    queryString({
      fieldValidation: "Strict",
      fieldManager: write.fieldManager ?? options.fieldManager ?? "traintask",
      dryRun: write.dryRun ? "All" : undefined,
    });
  const create = async <T>(resource: Resource, object: KubeObject, write?: WriteOptions): Promise<T> =>
    answer(
      { method: "POST", path: collectionPath(resource, namespaceOf(resource, object)) + query(write), body: object },
      write,
    );
  const patch = async <T>(path: string, change: PatchChange): Promise<T> =>
    answer(
      {
        method: "PATCH",
        path: path + query(change),
        body: change.body,
        contentType: change.type === "json" ? "application/json-patch+json" : "application/merge-patch+json",
      },
      change,
    );

  return {
    get: async (resource, key, call) => answer({ method: "GET", path: objectPath(resource, key) }, call),
    list: async (resource, list = {}) => answer({ method: "GET", path: listPath(resource, list) }, list),
    watch: (resource, watch) =>
      untilAborted(watch.signal, () =>
        watchEvents(opened(send({ method: "GET", path: watchPath(resource, watch), stream: true }, watch))),
      ),
    create,
    update: async (resource, object, write) =>
      answer({ method: "PUT", path: objectPath(resource, keyOf(object)) + query(write), body: object }, write),
    patch: async (resource, key, change) => patch(objectPath(resource, key), change),
    patchStatus: async (resource, key, change) => patch(objectPath(resource, key, "status"), change),
    delete: async (resource, key, del = {}) =>
      answer({ method: "DELETE", path: objectPath(resource, key), body: deleteBody(del) }, del),
    logs: (pod, logs = {}) =>
      untilAborted(logs.signal, () =>
        opened(send({ method: "GET", path: logPath(pod, logs), stream: logs.follow === true }, logs)),
      ),
    reviewToken: (token, audiences, call) => reviewToken(create, { token, audiences }, call),
    reviewAccess: (question, call) => reviewAccess(create, question, call),
  };
}

function sender(transport: Transport, onWarning: RestClientOptions["onWarning"]): Send {
  return async (call, options = {}) => {
    const response = await transport.send({
      method: call.method,
      path: call.path,
      headers: call.body === undefined ? readHeaders : writeHeaders(call.contentType ?? "application/json"),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.stream ? { stream: true } : {}),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      timeoutMs: options.timeoutMs ?? 30_000,
    });
    const warning = response.headers["warning"];
    if (warning !== undefined && onWarning !== undefined) {
      for (const text of warningsIn(warning)) onWarning(text, { method: call.method, path: call.path });
    }
    return response;
  };
}

const readHeaders = { accept: "application/json" };

function writeHeaders(contentType: string): Readonly<Record<string, string>> {
  return { accept: "application/json", "content-type": contentType };
}

/** The bytes of a stream whose answer is on its way; leaving the loop gives its connection back. */
async function* opened(answer: Promise<TransportResponse>): AsyncGenerator<Uint8Array> {
  const response = await answer;
  if (!succeeded(response)) throw await readError(response);
  yield* response.body;
}

/** Begins to read when read from, and ends in good order when the signal aborts, whatever that made fail below. */
async function* untilAborted<T>(signal: AbortSignal | undefined, open: () => AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* open();
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

function deleteBody(options: DeleteOptions): object {
  const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds } = options;
  const guarded = uid !== undefined || resourceVersion !== undefined;
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    ...(guarded ? { preconditions: { uid, resourceVersion } } : {}),
    propagationPolicy,
    gracePeriodSeconds,
  };
}

function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name } = object.metadata ?? {};
  return { name: name ?? "", ...(namespace === undefined ? {} : { namespace }) };
}

/** @throws TypeError when a namespaced object does not say where it belongs */
function namespaceOf(resource: Resource, object: KubeObject): string | undefined {
  const namespace = object.metadata?.namespace;
  if (resource.namespaced && namespace === undefined) {
    throw new TypeError(`${resource.kind} ${object.metadata?.name ?? ""}: a namespace is needed`);
  }
  return namespace;
}
