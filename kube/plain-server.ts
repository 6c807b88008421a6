/** Test support: an HTTP server on a real socket whose handler a test replaces, and that counts its connections. */
import http from "node:http";
import type net from "node:net";
import type { AddressInfo } from "node:net";
import { httpsTransport, type HttpsTransportOptions } from "./https-transport.ts";
import type { Transport, TransportResponse } from "./transport.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

export interface PlainWorld {
  readonly clock: VirtualClock;
  readonly url: string;
  /** Replace it to answer otherwise than with "hello". */
  handler: (request: http.IncomingMessage, response: http.ServerResponse) => void;
  /** Connections that stand, and how many there ever were. */
  readonly open: ReadonlySet<net.Socket>;
  connections: number;
  /** A transport to this server, or to that of `baseUrl`; closed with the world. */
  readonly transport: (options?: Partial<HttpsTransportOptions>) => Transport;
  readonly close: () => Promise<void>;
}

export async function plainWorld(): Promise<PlainWorld> {
  const clock = virtualClock();
  const transports: Transport[] = [];
  const open = new Set<net.Socket>();
  // Longer than a test: whoever closes an idle connection, it is not the server.
  const patient = { keepAliveTimeout: 600_000 };
  const server = http.createServer(patient, (request, response) => world.handler(request, response));
  server.on("connection", (socket) => {
    world.connections += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = urlOf(server);
  const world: PlainWorld = {
    clock,
    url,
    handler: (_request, response) => response.end("hello"),
    open,
    connections: 0,
    transport(options) {
      const transport = httpsTransport({ baseUrl: url, clock, ...options });
      transports.push(transport);
      return transport;
    },
    async close() {
      await Promise.all(transports.map((transport) => transport.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return world;
}

export function urlOf(server: net.Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** All of an answer's body. */
export async function text(response: TransportResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export const get = { method: "GET", path: "/" };

/** Waits for real sockets; virtual time stands. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
