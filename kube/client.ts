/**
 * The one door to an API server: real or local, the same wire protocol. Every write asks for
 * `fieldValidation=Strict`, so a field that the server does not know is an error that names it.
 */
import type { KubeList, KubeObject, ObjectKey, Resource } from "./objects.ts";

/** Common to all calls. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer's headers; default 30,000. */
  readonly timeoutMs?: number;
}

export interface ListOptions extends CallOptions {
  /** Absent for cluster-scoped kinds and for all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  /** Absent: consistent with all writes before the call. "0": whatever the server has at hand. */
  readonly resourceVersion?: string;
}

export interface WatchOptions extends CallOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  /** Seconds after which the server ends the stream in good order. */
  readonly timeoutSeconds?: number;
}

/** One line of a watch. A BOOKMARK's object has only `metadata.resourceVersion`. ERROR lines are thrown as ApiErrors. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
}

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
}

export interface PatchOptions extends WriteOptions {
  /** Default "merge" (RFC 7396); "json" is RFC 6902 and takes an array. */
  readonly type?: "merge" | "json";
}

export interface DeleteOptions extends CallOptions {
  /** Preconditions: 409 when the object is another one, or has changed. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan";
  readonly gracePeriodSeconds?: number;
}

export interface LogOptions extends CallOptions {
  readonly container?: string;
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly previous?: boolean;
}

/** What TokenReview says of a token. */
export interface TokenIdentity {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly audiences: readonly string[];
}

export interface AccessQuestion {
  readonly user: Pick<TokenIdentity, "username" | "uid" | "groups" | "extra">;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * All methods throw an ApiError when the server says no, and a TransportError when no whole answer came.
 * `T` is the caller's claim of the object's type; parse what you do not control.
 */
export interface KubeClient {
  get<T extends KubeObject>(resource: Resource, key: ObjectKey, options?: CallOptions): Promise<T>;
  /** One page. */
  list<T extends KubeObject>(resource: Resource, options?: ListOptions): Promise<KubeList<T>>;
  /**
   * Changes after `resourceVersion`, bookmarks included, until the server ends the stream (the iteration then ends),
   * the signal aborts (it ends too) or something fails (it throws: GoneError means list again).
   */
  watch<T extends KubeObject>(resource: Resource, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** Namespace and name (or generateName) stand in the object. */
  create<T extends KubeObject>(resource: Resource, object: T, options?: WriteOptions): Promise<T>;
  /** PUT: with `metadata.resourceVersion` a ConflictError when the object has changed. */
  update<T extends KubeObject>(resource: Resource, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(resource: Resource, key: ObjectKey, change: PatchChange): Promise<T>;
  /** The same on the status subresource. */
  patchStatus<T extends KubeObject>(resource: Resource, key: ObjectKey, change: PatchChange): Promise<T>;
  /** Answers what the server answers: the object (still there, being deleted) or a Status. */
  delete(resource: Resource, key: ObjectKey, options?: DeleteOptions): Promise<KubeObject>;
  /** Bytes of a container's log; with `follow` until the container ends or the signal aborts. */
  logs(pod: ObjectKey, options?: LogOptions): AsyncIterable<Uint8Array>;
  /** Who bears this token, if it was made for one of these audiences (none: for the API server); undefined when it is not valid. */
  reviewToken(token: string, audiences: readonly string[], options?: CallOptions): Promise<TokenIdentity | undefined>;
  /** SubjectAccessReview. */
  reviewAccess(question: AccessQuestion, options?: CallOptions): Promise<{ allowed: boolean; reason?: string }>;
}

export interface PatchChange extends PatchOptions {
  /** A merge patch object, or with `type: "json"` a list of operations. */
  readonly body: object;
}
