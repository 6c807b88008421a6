/**
 * Test support: an API server of one collection on a real socket, that goes wrong on demand. Each fault is used up by
 * one request of its kind; then the server behaves again.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "./clock.ts";
import type { KubeObject } from "./objects.ts";
import { ScriptedObjects, type HistoryEvent } from "./scripted-objects.ts";

/** "page" is every page of a list but the first. */
export type RequestKind = "list" | "page" | "watch" | "get" | "create" | "update" | "patch" | "delete";

export interface Exchange {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  /** Does what was asked for and answers it. */
  readonly serve: () => void;
  /** Does what was asked for; the answer is left to the fault. */
  readonly carryOut: () => void;
}

export type Fault = (exchange: Exchange) => void;

export interface Seen {
  readonly kind: RequestKind;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Monotonic milliseconds of the test's clock. */
  readonly at: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

export class ScriptedServer {
  readonly objects = new ScriptedObjects();
  /** Every request so far. */
  readonly seen: Seen[] = [];
  readonly #server: http.Server;
  readonly #clock: Clock;
  readonly #faults: { readonly kind: RequestKind; readonly fault: Fault }[] = [];
  /** Lists under way, by their continue token. */
  readonly #lists = new Map<string, { readonly rest: KubeObject[]; readonly version: number }>();
  readonly #watching = new Set<http.ServerResponse>();
  /** Sockets open now, and the most there ever were. */
  sockets = 0;
  mostSockets = 0;

  private constructor(clock: Clock) {
    this.#clock = clock;
    this.#server = http.createServer((request, response) => void this.#answer(request, response));
    this.#server.on("connection", (socket) => {
      this.mostSockets = Math.max(this.mostSockets, ++this.sockets);
      socket.on("close", () => (this.sockets -= 1));
    });
  }

  static async start(clock: Clock): Promise<ScriptedServer> {
    const server = new ScriptedServer(clock);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets the next request of this kind meet the fault; several queue up. */
  fail(kind: RequestKind, ...faults: Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ kind, fault })));
  }

  count(kind: RequestKind): number {
    return this.seen.filter((request) => request.kind === kind).length;
  }

  /** Watches that stand. */
  get watches(): number {
    return this.#watching.size;
  }

  get faultsLeft(): number {
    return this.#faults.length;
  }

  /** Resets the connection of every watch that stands. */
  cutWatches(): void {
    for (const response of this.#watching) response.socket?.resetAndDestroy();
    this.#watching.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
    const { method = "", url: path = "" } = request;
    const url = new URL(path, this.url);
    const kind = kindOf(method, url);
    this.seen.push({ kind, method, path, body, at: this.#clock.monotonic() });
    const carryOut = (): Answer => this.#carryOut(kind, url, body);
    const serve = (): void => {
      if (kind === "watch") this.#watch(url, response);
      else {
        const { status, body: answer } = carryOut();
        sendJson(response, status, answer);
      }
    };
    const at = this.#faults.findIndex((waiting) => waiting.kind === kind);
    const [failing] = at < 0 ? [] : this.#faults.splice(at, 1);
    if (failing === undefined) serve();
    else failing.fault({ request, response, serve, carryOut });
  }

  #carryOut(kind: RequestKind, url: URL, body: string): Answer {
    const [namespace = "default", name = ""] = objectPath(url);
    const key = `${namespace}/${name}`;
    const known = this.objects.get(key);
    switch (kind) {
      case "list":
      case "page":
        return this.#list(url);
      case "create":
        return this.#create(body);
      case "get":
        return known === undefined ? refusal(404, "NotFound") : { status: 200, body: known };
      case "update":
        return known === undefined ? refusal(404, "NotFound") : this.#update(known, body);
      case "patch":
      case "delete":
      case "watch":
        return refusal(405, "MethodNotAllowed");
    }
  }

  #create(body: string): Answer {
    const object = JSON.parse(body) as KubeObject;
    const { namespace = "default", name = "" } = object.metadata ?? {};
    if (this.objects.get(`${namespace}/${name}`) !== undefined) return refusal(409, "AlreadyExists");
    return { status: 201, body: this.objects.write(object) };
  }

  #update(known: KubeObject, body: string): Answer {
    const object = JSON.parse(body) as KubeObject;
    const version = object.metadata?.resourceVersion;
    if (version !== undefined && version !== known.metadata?.resourceVersion) return refusal(409, "Conflict");
    return { status: 200, body: this.objects.write(object) };
  }

  #list(url: URL): Answer {
    const token = url.searchParams.get("continue");
    const begun = token === null ? undefined : this.#lists.get(token);
    if (token !== null && (begun === undefined || begun.version < this.objects.compacted))
      return refusal(410, "Expired");
    const { rest, version } = begun ?? { rest: this.objects.list().filter(isIn(url)), version: this.objects.version };
    const limit = Number(url.searchParams.get("limit") ?? rest.length);
    const next = `${version}-${rest.length}`;
    this.#lists.set(next, { rest: rest.slice(limit), version });
    const metadata = { resourceVersion: String(version), continue: rest.length > limit ? next : "" };
    return { status: 200, body: { kind: "List", metadata, items: rest.slice(0, limit) } };
  }

  #watch(url: URL, response: http.ServerResponse): void {
    const from = Number(url.searchParams.get("resourceVersion"));
    if (from < this.objects.compacted) {
      sendJson(response, 410, refusal(410, "Expired").body);
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const isHere = isIn(url);
    const tell = ({ type, object }: HistoryEvent): void =>
      void (isHere(object) && response.write(watchLine(type, object)));
    this.objects.since(from).forEach(tell);
    const unsubscribe = this.objects.subscribe(tell);
    this.#watching.add(response);
    response.on("close", () => {
      unsubscribe();
      this.#watching.delete(response);
    });
  }
}

/** One line of a watch. */
export function watchLine(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

/** A Status as API servers answer it. */
export function refusal(code: number, reason: string): Answer {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message: `${reason} (scripted)` };
  return { status: code, body: status };
}

export function sendJson(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function kindOf(method: string, url: URL): RequestKind {
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return "delete";
    default:
      if (url.searchParams.has("watch")) return "watch";
      if (objectPath(url)[1] !== undefined) return "get";
      return url.searchParams.has("continue") ? "page" : "list";
  }
}

/** Whether an object is in the namespace that a path names; without one, all are. */
function isIn(url: URL): (object: KubeObject) => boolean {
  const [namespace] = objectPath(url);
  return ({ metadata }) => namespace === undefined || metadata?.namespace === namespace;
}

/** Namespace and name in a path like `/api/v1/namespaces/default/things/name`. */
function objectPath(url: URL): (string | undefined)[] {
  return url.pathname.match(/\/namespaces\/([^/]+)\/[^/]+(?:\/([^/]+))?/)?.slice(1) ?? [];
}
