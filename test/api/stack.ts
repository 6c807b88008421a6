/** The API on a local API server, in process and over a real socket: what the API's tests talk to. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { startApi } from "../../api/server.ts";
import type { RunningApi } from "../../api/server.ts";
import { apiSettings } from "../../api/settings.ts";
import type { ApiSettings } from "../../api/settings.ts";
import type { KubeClient } from "../../kube/client.ts";
import { systemClock } from "../../kube/clock.ts";
import type { Clock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import type { Log } from "../../kube/log.ts";
import { restClient } from "../../kube/rest-client.ts";
import type { Transport } from "../../kube/transport.ts";
import type { LogSource } from "../../local/apiserver/protocol/logs.ts";
import { createApiServer } from "../../local/apiserver/server.ts";
import type { ApiServer } from "../../local/apiserver/server.ts";

const crds = path.resolve(import.meta.dirname, "../../deploy/helm/traintask/crds");

export interface Stack {
  readonly apiServer: ApiServer;
  readonly client: KubeClient;
  readonly api: RunningApi;
  readonly dataDir: string;
  /** @param what method and path: `GET /v1/tasks` */
  call(what: string, options?: CallOptions): Promise<Answer>;
  /** Stops the API and starts it anew on what it has stored. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** What stands at a JSON pointer of the body; undefined where nothing does. */
  at(pointer: string): unknown;
}

export interface StackOptions {
  readonly settings?: Partial<ApiSettings>;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Where the logs of pods are read, as the kubelet gives them. */
  readonly logs?: LogSource;
  /** Stands between the API and its API server. */
  readonly wrap?: (send: Transport["send"]) => Transport["send"];
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { clock = systemClock, log = silentLog } = options;
  const dataDir = mkdtempSync(path.join(tmpdir(), "traintask-api-"));
  const definitions = ["traintasks.yaml", "trainqueues.yaml"].map((file) =>
    readFileSync(path.join(crds, file), "utf8"),
  );
  const apiServer = createApiServer({
    databasePath: ":memory:",
    clock,
    log,
    crds: definitions,
    ...(options.logs === undefined ? {} : { logs: options.logs }),
  });
  const handle: Transport["send"] = (request) => apiServer.handle(request);
  const close = async (): Promise<void> => undefined;
  const client = restClient({ send: handle, close });
  const seen = restClient({ send: options.wrap?.(handle) ?? handle, close });
  const settings = apiSettings({ access: "local", port: 0, dataDir, ...options.settings });
  const start = async (): Promise<RunningApi> => {
    const running = await startApi({ client: seen, clock, log, settings, signal: new AbortController().signal });
    await until(async () => (await call(running.port, "GET /readyz")).status === 200);
    return running;
  };
  let api = await start();
  return {
    apiServer,
    client,
    get api() {
      return api;
    },
    dataDir,
    call: (what, callOptions) => call(api.port, what, callOptions),
    async restart() {
      await api.close();
      api = await start();
    },
    async close() {
      await api.close();
      apiServer.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One request over a socket of its own. */
export function call(port: number, what: string, options: CallOptions = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const [method = "", where = ""] = what.split(" ");
  const given = options.body;
  const plain = typeof given === "string" || given instanceof Uint8Array || given === undefined;
  const body = plain ? given : JSON.stringify(given);
  const request = httpRequest(
    {
      host: "127.0.0.1",
      port,
      method,
      path: where,
      agent: false,
      headers: {
        ...(plain ? {} : { "content-type": "application/json" }),
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        ...options.headers,
      },
    },
    (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(pieces);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          text: bytes.toString(),
          at: (pointer) => valueAt(JSON.parse(bytes.toString()), pointer),
        });
      });
    },
  );
  request.on("error", reject);
  request.end(body);
  return promise;
}

/** Looks until it holds; a test that waits for what never comes ends with its own message. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("waited in vain");
    await systemClock.sleep(10);
  }
}

function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), value);
}
