/**
 * The server below Express: plain HTTP on a person's own machine, HTTPS in a cluster. What is no HTTP, or comes too
 * slowly, is refused here with a problem document as well.
 */
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Certificate } from "./certificate.ts";
import { limitSilent, oneByOne } from "./connections.ts";
import { Problem, problemDocument, problemType } from "./problem.ts";

const limits = { headersTimeout: 10_000, requestTimeout: 3_600_000, connectionsCheckingInterval: 2_000 };
const handshakeTimeout = 10_000;

/** @param certificate absent: plain HTTP */
export function httpServer(application: RequestListener, certificate?: Certificate): Server {
  const listener = oneByOne(application);
  const server: Server =
    certificate === undefined
      ? createServer(limits, listener)
      : createTlsServer({ ...limits, ...certificate, handshakeTimeout }, listener);
  server.maxConnections = 2000;
  limitSilent(server);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(error, socket as Socket));
  // A body is asked for when it is read: who is refused before that keeps it.
  server.on("checkContinue", listener);
  return server;
}

/** A request that is no HTTP: too large a header, too slow a one, or nonsense. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new Problem({ status: 431, detail: "The headers are too large." })
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? new Problem({ status: 408, detail: "The request came too slowly." })
        : new Problem({ status: 400, detail: "This is not an HTTP request that can be read." });
  const document = problemDocument(problem);
  const body = JSON.stringify(document) + "\n";
  socket.end(
    `HTTP/1.1 ${problem.status} ${String(document["title"])}\r\ncontent-type: ${problemType}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Answers the port, which is another one than was asked for when that was 0. */
export async function listen(
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<number> {
  const { host, port } = address;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : port;
}

export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
