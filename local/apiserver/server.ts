/**
 * A small Kubernetes API server. It speaks the protocol that clients of a real one speak, keeps its objects in one
 * SQLite file, and judges custom resources by the very definitions that a real cluster is given. Everything it does
 * is held to test/contract/, which also runs against a real API server.
 */
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import type { TransportRequest, TransportResponse } from "../../kube/transport.ts";
import type { Registry } from "../registry.ts";
import { structure } from "./admission/structure.ts";
import { builtinKinds } from "./kinds/builtin.ts";
import { customKind, parseDefinition } from "./kinds/custom.ts";
import { createKinds, type Kinds } from "./kinds/kinds.ts";
import { bootstrap } from "./bootstrap.ts";
import { createRegistry } from "./registry.ts";
import { keepNamespaces } from "./namespace-lifecycle.ts";
import type { LogSource } from "./protocol/logs.ts";
import { createRoutes } from "./protocol/routes.ts";
import { createTokens, type Tokens } from "./tokens/issue.ts";
import { openStore } from "./storage/store.ts";
import type { Retention } from "./storage/history.ts";

export interface ApiServerOptions {
  /** The SQLite file, or `:memory:`. */
  readonly databasePath: string;
  readonly clock: Clock;
  readonly log: Log;
  /** CustomResourceDefinitions, each as YAML text. */
  readonly crds: readonly string[];
  /** Where the logs of pods are read; without it no container has one. */
  readonly logs?: LogSource;
  /** How much history watches can go back to. */
  readonly retention?: Retention;
}

export interface ApiServer {
  /** For the controllers of the same process. */
  readonly registry: Registry;
  /** Tokens of service accounts, for the volumes of pods. */
  readonly tokens: Tokens;
  /** Answers one request; has the shape of a Transport's `send`. Never throws. */
  readonly handle: (request: TransportRequest) => Promise<TransportResponse>;
  close(): void;
}

const defaultRetention: Retention = { changes: 20_000, bytes: 64 << 20 };

/** @throws Error when a definition cannot be served, or the file belongs to another server */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { databasePath: path, clock, log, retention = defaultRetention } = options;
  const definitions = options.crds.map(parseDefinition);
  const kinds = createKinds([...builtinKinds, ...definitions.map(customKind)]);
  const store = openStore({ path, retention, complete: completer(kinds) });
  const machine = { store, kinds, clock };
  const tokens = createTokens(machine);
  bootstrap(machine, definitions);
  keepNamespaces(machine);
  return {
    registry: createRegistry(machine),
    tokens,
    handle: createRoutes({ ...machine, log, tokens, logs: options.logs ?? (() => undefined) }),
    close: () => store.close(),
  };
}

/** Defaults on read: an object that was stored before its schema had a default has it all the same. */
function completer(kinds: Kinds): Parameters<typeof openStore>[0]["complete"] {
  const custom = new Map(kinds.all.filter((kind) => kind.custom).map((kind) => [kind.id, kind]));
  return (id, object) => {
    const kind = custom.get(id);
    return kind === undefined ? object : (structure(object, kind.schema, id).value as typeof object);
  };
}
