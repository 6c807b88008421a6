/**
 * The operator's one port: `/healthz` and `/readyz` for the kubelet's probes, `/metrics` for Prometheus. Plain HTTP,
 * GET alone, nothing to write, no names of tasks: whoever may connect is a matter of the network.
 */
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";

export interface StatusServerOptions {
  /** An IP address. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Each says what is wrong; undefined when all is well. */
  readonly unhealthy: () => string | undefined;
  readonly unready: () => string | undefined;
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Few have anything to ask, and a probe is a line. */
const limits = { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192 };
const maxConnections = 50;

/** @throws the reason why the port cannot be used */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const server = createServer(limits, answer(options));
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : options.port,
    close: () => close(server),
  };
}

function answer({ unhealthy, unready, metrics }: StatusServerOptions): RequestListener {
  const probes: Readonly<Record<string, () => string | undefined>> = { "/healthz": unhealthy, "/readyz": unready };
  return (request, response) => {
    const send = (status: number, text: string, type = "text/plain"): void =>
      void response.writeHead(status, { "content-type": type }).end(text);
    const path = request.method === "GET" ? (request.url ?? "").split("?")[0] : undefined;
    const probe = path !== undefined && Object.hasOwn(probes, path) ? probes[path] : undefined;
    if (probe !== undefined) {
      const wrong = probe();
      send(wrong === undefined ? 200 : 503, `${wrong ?? "ok"}\n`);
    } else if (path === "/metrics") {
      metrics.metrics().then(
        (text) => send(200, text, metrics.contentType),
        () => send(500, "the metrics could not be read\n"),
      );
    } else send(404, "there are /healthz, /readyz and /metrics\n");
  };
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
