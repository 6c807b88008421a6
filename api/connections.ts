/**
 * What one may do with connections: hold a few before the first request has come whole, ask one thing after the other,
 * and send no body that nobody reads. Without this, whoever opens connections and says nothing keeps everybody else
 * out, and whoever does not wait for answers has all the questions worked on at once.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Connections whose first request is awaited; of more, the oldest are closed. Who means well asks at once. */
const maxSilent = 256;
/** Requests of one connection that wait for their answers; hardly any client sends a second before it has the first. */
const maxUnanswered = 2;

/** Closes the oldest connections that have asked nothing yet, where they become too many. */
export function limitSilent(server: Server): void {
  // By the peer's address, which a connection and the encrypted one on top of it have in common.
  const silent = new Map<string, Socket>();
  server.on("connection", (socket) => {
    const peer = peerOf(socket);
    silent.set(peer, socket);
    socket.once("close", () => {
      if (silent.get(peer) === socket) silent.delete(peer);
    });
    if (silent.size <= maxSilent) return;
    const [[oldest, other]] = silent as unknown as [[string, Socket]];
    silent.delete(oldest);
    other.destroy();
  });
  const spoke = ({ socket }: IncomingMessage): void => void silent.delete(peerOf(socket));
  server.prependListener("request", spoke).prependListener("checkContinue", spoke);
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** The listener, spared what comes on a connection that does not wait for answers, or goes on after its answer. */
export function oneByOne(listener: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const open = (unanswered.get(socket) ?? 0) + 1;
    if (open > maxUnanswered) hangUp(socket);
    if (socket.destroyed) return;
    unanswered.set(socket, open);
    response.once("close", () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    closeAfterEarlyAnswer(request, response);
    listener(request, response);
  };
}

/** What Node's parser is told by a listener that wants to read no further: the connection changes its protocol. */
const readNoFurther = 2;

/**
 * Closes a connection, and leaves unread what came with the request: a piece of 64 KiB holds a thousand more, each of which
 * Node would make a request and a response of, and an error to say that it was cut off. Node has no public way to stop its
 * parser within a piece; where its inner one is gone, they are read and thrown away.
 */
function hangUp(socket: Socket & { parser?: { onIncoming?: unknown } | null }): void {
  if (socket.parser?.onIncoming !== undefined) socket.parser.onIncoming = () => readNoFurther;
  socket.destroy();
}

/** An answer before the end of its request is the connection's last: the rest is neither read nor taken for a request. */
function closeAfterEarlyAnswer(request: IncomingMessage, response: ServerResponse): void {
  const { "transfer-encoding": encoding, "content-length": length = "0" } = request.headers;
  if (encoding === undefined && length === "0") return;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    if (!request.complete) response.setHeader("connection", "close");
    return writeHead(...args);
  };
}
