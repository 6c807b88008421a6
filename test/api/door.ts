/** An API that asks Kubernetes who may do what, people and pods with their tokens, and what the log says of them. */
import { METHODS } from "node:http";
import { openAccess } from "../../api/access/access.ts";
import type { Api } from "../../api/api.ts";
import { createApp } from "../../api/app.ts";
import type { Method } from "../../api/routes.ts";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { serviceAccounts } from "../builders/kinds.ts";
import type { TestPod } from "./pod.ts";
import { reviewsBy } from "./reviews.ts";
import type { Judge } from "./reviews.ts";
import { startStack } from "./stack.ts";
import type { Answer, Stack } from "./stack.ts";

export interface Call {
  readonly method: Method | "head" | "purge";
  readonly path: string;
}

/** Every call that the router would answer, asked of the router itself, not of the list that it was made from. */
export function callsOfRouter(): (Call & { readonly method: Method })[] {
  const api = { access: openAccess, settings: { access: "kubernetes" }, log: silentLog } as unknown as Api;
  const app = createApp({ api, port: () => 0 });
  return app.router.stack.flatMap(({ route }) => {
    const { methods = {}, path = "" } = (route ?? {}) as { methods?: Record<string, boolean>; path?: string };
    const found = Object.keys(methods).map((method) => ({ method: method as Method, path }));
    // What takes every method is there to refuse those that the path does not have.
    return found.length === METHODS.length ? [] : found;
  });
}

export interface TokenOptions {
  /** Default: alice. */
  readonly account?: string;
  /** Default: the API server. */
  readonly audiences?: readonly string[];
  readonly seconds?: number;
  readonly pod?: TestPod;
}

export interface Door {
  readonly stack: Stack;
  /** Who may do what, from now on; nobody anything at first. */
  judge: Judge;
  /** A token that nobody was given before. */
  token(options?: TokenOptions): string;
  /** All tokens that were given. */
  readonly given: ReadonlySet<string>;
  /** Makes a call about the task `iris` of namespace default. */
  make(call: Call, authorization?: string): Promise<Answer>;
  /** Lets time go by for what is remembered. */
  pass(ms: number): void;
  readonly lines: readonly unknown[];
}

const variables: Readonly<Record<string, string>> = {
  name: "iris",
  stream: "model",
  shard: "0",
  digest: `sha256:${"0".repeat(64)}`,
};

/** There are the service accounts alice and bob. */
export async function aDoor(): Promise<Door> {
  const lines: unknown[] = [];
  const given = new Set<string>();
  const note = (fields: object, message: string): void => void lines.push({ ...fields, message });
  let ahead = 0;
  const stack = await startStack({
    settings: { access: "kubernetes" },
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ahead },
    log: { info: note, error: note },
    wrap: reviewsBy((question) => door.judge(question)),
  });
  const metadata = (name: string) => ({ name, namespace: "default" });
  for (const name of ["alice", "bob"])
    await stack.client.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata(name) });
  const door: Door = {
    stack,
    judge: () => false,
    given,
    lines,
    token({ account = "alice", audiences = [], seconds = 3600, pod } = {}) {
      const { name = "", uid = "" } = pod?.pod.metadata ?? {};
      const { token } = stack.apiServer.tokens.issue({
        namespace: "default",
        serviceAccountName: account,
        audiences,
        // A second more for each, so that no two are the same.
        expirationSeconds: seconds < 0 ? seconds : seconds + given.size,
        ...(pod === undefined ? {} : { pod: { name, uid } }),
      });
      given.add(token);
      return token;
    },
    make({ method, path }, authorization) {
      const where = path.replaceAll(/:(\w+)/g, (_, name: string) => variables[name] ?? "");
      const query = path.includes("/streams/") ? "?offset=0" : "";
      const headers = authorization === undefined ? {} : { authorization };
      const body = ["get", "head", "delete"].includes(method)
        ? {}
        : { body: { metadata: { name: "sneaked" }, spec: {} } };
      return stack.call(`${method.toUpperCase()} ${where}${query}`, { headers, ...body });
    },
    pass(ms) {
      ahead += ms;
    },
  };
  return door;
}
