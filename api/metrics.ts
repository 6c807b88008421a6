/**
 * Prometheus metrics on a port of their own, so that who may see them is another question than who may use the API.
 * The library is loaded only when they are asked for.
 */
import { createServer } from "node:http";
import type { Cache } from "./cache.ts";
import { countTasks } from "./counts.ts";
import { closeServer, listen } from "./http-server.ts";

export interface ObservedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}
export type RequestObserver = (request: ObservedRequest) => void;

export interface Metrics {
  readonly observe: RequestObserver;
  readonly port: number;
  close(): Promise<void>;
}

export async function startMetrics({
  host,
  port,
  cache,
}: {
  host: string;
  port: number;
  cache: Pick<Cache, "tasks" | "stateOf" | "version">;
}): Promise<Metrics> {
  const { Gauge, Histogram, Registry, collectDefaultMetrics } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "traintask_api_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const tasks = new Gauge({
    name: "traintask_tasks",
    help: "Tasks by state",
    labelNames: ["state"],
    registers: [],
    collect() {
      const { total: _, ...states } = countTasks(cache);
      for (const [state, count] of Object.entries(states)) this.set({ state }, count);
    },
  });
  registry.registerMetric(tasks);
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const listening = await listen(server, { host, port });
  return {
    port: listening,
    observe: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    close: () => closeServer(server),
  };
}
