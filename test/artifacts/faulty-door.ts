/** A door before an S3 server that passes everything on, unless it was told what shall go wrong with the next requests. */
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

export type Fault =
  | { readonly answer: number; readonly code?: string }
  /** The connection ends: before the request is passed on, after it was done, or in the middle of the answer. */
  | { readonly reset: "before" | "after" | "within" }
  /** The answer never comes. */
  | { readonly silent: true };

export interface FaultyDoor {
  readonly url: string;
  /** Faults of the next requests with this method, one each; `forever` is that of all after them. */
  next(method: string, faults: readonly Fault[], forever?: Fault): void;
  /** Requests that came with that method since `next` was called. */
  readonly asked: number;
  /** All requests that ever came. */
  readonly all: number;
  close(): Promise<void>;
}

export async function faultyDoor(target: string): Promise<FaultyDoor> {
  let plan = { method: "", faults: [] as Fault[], forever: undefined as Fault | undefined };
  let asked = 0;
  let all = 0;
  const server = createServer((incoming, outgoing) => {
    all += 1;
    if (incoming.method !== plan.method) return pass(target, incoming, outgoing);
    asked += 1;
    const fault = plan.faults.shift() ?? plan.forever;
    return fault === undefined ? pass(target, incoming, outgoing) : fail(fault, target, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    next(method, faults, forever) {
      plan = { method, faults: [...faults], forever };
      asked = 0;
    },
    get asked() {
      return asked;
    },
    get all() {
      return all;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// oxlint-disable-next-line eslint/max-params
function fail(fault: Fault, target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if ("silent" in fault) return;
  if ("answer" in fault) {
    const code = fault.code ?? "InternalError";
    const error = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as told</Message></Error>`;
    outgoing.writeHead(fault.answer, { "content-type": "application/xml" }).end(fault.answer < 300 ? "" : error);
    incoming.resume();
    return;
  }
  if (fault.reset === "before") incoming.socket.destroy();
  else pass(target, incoming, outgoing, fault.reset);
}

// oxlint-disable-next-line eslint/max-params
function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse, reset?: "after" | "within"): void {
  const { method, headers, url = "" } = incoming;
  const onwards = request(target + url, { method: method ?? "GET", headers, agent: false }, (answer) => {
    if (reset === "after") {
      answer.resume().on("end", () => incoming.socket.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    if (reset === undefined) answer.pipe(outgoing);
    else
      answer.once("data", (piece: Buffer) => {
        outgoing.write(piece.subarray(0, piece.length - 1), () => incoming.socket.destroy());
      });
  });
  onwards.on("error", () => incoming.socket.destroy());
  incoming.pipe(onwards);
}
