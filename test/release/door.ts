/**
 * The API of a release as its callers reach it: HTTPS, with the authority that the chart made. Within the cluster's
 * network by the Service's address, from elsewhere through `kubectl port-forward`, which ends with the pod that it leads
 * to and is then begun anew.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { systemClock as clock } from "../../kube/clock.ts";

export interface DoorOptions {
  readonly namespace: string;
  readonly service: string;
  /** The Service's own; undefined where it cannot be reached. */
  readonly address: string | undefined;
  /** PEM. */
  readonly authority: string;
}

export interface Door {
  /** One call. While nobody listens it is repeated, for a minute: a pod of the API may be on its way. */
  call(path: string, init?: RequestInit): Promise<Response>;
  close(): void;
}

/** How often it is tried again, half a second apart. */
const repetitions = 120;

export function doorOf({ namespace, service, address, authority }: DoorOptions): Door {
  const forward = address === undefined ? forwarding(namespace, service) : undefined;
  const send = async (request: Request): Promise<Response> => {
    const origin = address === undefined ? await forward?.port() : { host: address, port: 443 };
    return exchange(request, { ...origin, ca: authority, servername: `${service}.${namespace}.svc` });
  };
  return {
    async call(path, init = {}) {
      for (let repetition = 0; ; repetition += 1) {
        try {
          return await send(new Request(`https://${service}.${namespace}.svc${path}`, { ...init }));
        } catch (error) {
          if (!isUnheard(error) || repetition === repetitions) throw error;
          await clock.sleep(500, init.signal ?? undefined);
        }
      }
    },
    close: () => forward?.end(),
  };
}

/** Whether nothing of the call can have reached the API. */
const isUnheard = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && ["ECONNREFUSED", "EHOSTUNREACH"].includes(String(error.code))) ||
    // The address of a Service may lead, for a moment, to a pod that is gone.
    ("syscall" in error && error.syscall === "connect"));

async function exchange(
  request: Request,
  to: { host?: string; port?: number; ca: string; servername: string },
): Promise<Response> {
  const { pathname, search, hostname } = new URL(request.url);
  const outgoing = httpsRequest({
    ...to,
    agent: false,
    method: request.method,
    path: pathname + search,
    headers: { ...Object.fromEntries(request.headers), host: hostname },
    signal: request.signal,
  });
  const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
  if (request.body === null) outgoing.end();
  // A server may answer, and hang up, before it has read everything.
  else pipeline(Readable.fromWeb(request.body), outgoing).catch(() => undefined);
  const [incoming] = await answered;
  const { statusCode: status = 0, headersDistinct } = incoming;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const bodiless = request.method === "HEAD" || status === 204 || status === 304;
  if (bodiless) incoming.resume();
  return new Response(bodiless ? null : Readable.toWeb(incoming), { status, headers });
}

interface Forwarding {
  /** Where it listens; begins it when it does not run. */
  port(): Promise<{ host: string; port: number }>;
  end(): void;
}

function forwarding(namespace: string, service: string): Forwarding {
  let child: ChildProcess | undefined;
  let listening: Promise<{ host: string; port: number }> | undefined;
  process.once("exit", () => child?.kill());
  return {
    port() {
      if (child?.exitCode !== null) listening = undefined;
      listening ??= new Promise((resolve, reject) => {
        const args = ["port-forward", "--namespace", namespace, `service/${service}`, ":443"];
        child = spawn("kubectl", args, { stdio: ["ignore", "pipe", "ignore"] });
        let told = "";
        child.stdout?.setEncoding("utf8").on("data", (text: string) => {
          told += text;
          const port = /127\.0\.0\.1:(\d+) ->/.exec(told)?.[1];
          if (port !== undefined) resolve({ host: "127.0.0.1", port: Number(port) });
        });
        child.on("exit", () => {
          listening = undefined;
          reject(Object.assign(new Error("kubectl port-forward has ended"), { code: "ECONNREFUSED" }));
        });
      });
      return listening;
    },
    end: () => void child?.kill(),
  };
}
