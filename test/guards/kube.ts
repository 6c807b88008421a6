/** Guards of the kube layer's client and cache: what keeps a fault of the server or the network from doing harm. */
import type { Guard } from "./guard.ts";

const reflector: Guard[] = [
  {
    name: "a list whose pages expire begins anew in one piece, or it would never end",
    file: "kube/reflector.ts",
    find: "paged: !(error instanceof GoneError)",
    replace: "paged: true",
    test: "kube/reflector.test.ts",
  },
  {
    name: "the wait grows until a watch was healthy",
    file: "kube/reflector.ts",
    find: "this.#failures = healthy ? 1 : this.#failures + 1;",
    replace: "this.#failures = 1;",
    test: "kube/reflector.test.ts",
  },
  {
    name: "a watch that stood in silence was not healthy",
    file: "kube/reflector.ts",
    find: " && !(error instanceof SilentWatchError)",
    replace: "",
    test: "kube/reflector.test.ts",
  },
  {
    name: "a watch that fails again and again leads back to a list",
    file: "kube/reflector.ts",
    find: "this.#failures >= failuresBeforeListing",
    replace: "false",
    test: "kube/reflector.test.ts",
  },
  {
    name: "a 410 leads back to a list",
    file: "kube/reflector.ts",
    find: "const lost = error instanceof GoneError ||",
    replace: "const lost =",
    test: "kube/reflector.test.ts",
  },
  {
    name: "the watch goes on from the list's first page",
    file: "kube/reflector.ts",
    find: "resourceVersion ??= page",
    replace: "resourceVersion = page",
    test: "kube/reflector.test.ts",
  },
  {
    name: "a silent connection is given up",
    file: "kube/watch-session.ts",
    find: "if (quietMs >= deadAfterMs) link.abort();",
    replace: "if (quietMs >= deadAfterMs) return;",
    test: "kube/reflector.faults.test.ts",
  },
  {
    name: "a server that ends every watch at once is not asked in a tight circle",
    file: "kube/watch-session.ts",
    find: "if (events === 0 && clock.monotonic() - began < leastMs)",
    replace: "if (events < 0)",
    test: "kube/reflector.test.ts",
  },
  {
    name: "Retry-After is respected",
    file: "kube/back-off.ts",
    find: "Math.round(asked + full / 2",
    replace: "Math.round(full / 2",
    test: "kube/reflector.test.ts",
  },
];

const cache: Guard[] = [
  {
    name: "one bad object is left out, and kills nothing",
    file: "kube/mirror.ts",
    find: "      rejected.set(key, error);",
    replace: "      throw error;",
    test: "kube/mirror.test.ts",
  },
  {
    name: "an object that turned bad is not served in its old state",
    file: "kube/mirror.ts",
    find: "if (entry === undefined) this.store.delete(key);",
    replace: "if (entry === undefined) return;",
    test: "kube/mirror.test.ts",
  },
  {
    name: "another uid means another object",
    file: "kube/store.ts",
    find: " && before.uid === after.uid",
    replace: "",
    test: "kube/store.test.ts",
  },
  {
    name: "a listener that throws harms nobody",
    file: "kube/store.ts",
    find: 'this.#log.error({ err: error, key: change.key, change: change.type }, "a listener of the cache failed");',
    replace: "throw error;",
    test: "kube/mirror.test.ts",
  },
];

const wire: Guard[] = [
  {
    name: "a line that the stream's end cuts short is an error",
    file: "kube/watch-lines.ts",
    find: 'if (begun.length > 0) throw new TransportError("the watch ended in the middle of a line");',
    replace: "",
    test: "kube/watch-lines.test.ts",
  },
  {
    name: "lines are joined as bytes, since a chunk may end inside a UTF-8 sequence",
    file: "kube/watch-lines.ts",
    find: "Buffer.concat([...begun, rest])",
    replace: 'Buffer.from([...begun, rest].map((part) => part.toString("utf8")).join(""))',
    test: "kube/watch-lines.test.ts",
  },
  {
    name: "streams take no connection from the calls",
    file: "kube/https-transport.ts",
    find: "agent: request.stream ? streams : calls",
    replace: "agent: calls",
    test: "kube/https-transport.test.ts",
  },
  {
    name: "an idle connection is closed before the server does it, in the face of a write",
    file: "kube/https-transport.ts",
    find: "timeout: idleMs, ",
    replace: "",
    test: "kube/https-transport.test.ts",
  },
  {
    name: "the body of a DELETE would be taken for the next request",
    file: "kube/exchange.ts",
    find: 'if (request.body !== undefined) outgoing.setHeader("content-length", Buffer.byteLength(request.body));',
    replace: "",
    test: "kube/https-transport.test.ts",
  },
  {
    name: "a write is never sent twice",
    file: "kube/exchange.ts",
    find: 'request.method === "GET" && ',
    replace: "",
    test: "kube/https-transport.test.ts",
  },
  {
    name: "a body that stalls is given up",
    file: "kube/exchange.ts",
    find: "if (request.stream) cancelTimer();",
    replace: "cancelTimer();",
    test: "kube/https-transport.test.ts",
  },
  {
    name: "a stop ends a request at any moment, also during connect",
    file: "kube/exchange.ts",
    find: 'request.signal?.addEventListener("abort", onAbort);',
    replace: "",
    test: "kube/https-transport.test.ts",
  },
  {
    name: "a body that ends before its time is an error",
    file: "kube/response-body.ts",
    find: 'response.on("error", (cause) => this.fail(brokenOff(cause)));',
    replace: 'response.on("error", () => this.#finish());',
    test: "kube/response-body.test.ts",
  },
  {
    name: "an empty name is refused: a DELETE would empty the namespace",
    file: "kube/paths.ts",
    find: 'text === "" || ',
    replace: "",
    test: "kube/rest-client.test.ts",
  },
  {
    name: "every write asks for strict validation",
    file: "kube/rest-client.ts",
    find: 'fieldValidation: "Strict",',
    replace: "",
    test: "kube/rest-client.test.ts",
  },
];

export const guards: Guard[] = [...reflector, ...cache, ...wire];
