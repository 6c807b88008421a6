/** Calls over one kept-alive connection, and the bare `node:http` server that ours is measured against. */
import { type Agent, createServer, request as httpRequest } from "node:http";

export interface Call {
  readonly method: string;
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** Resolves when the whole answer has come. Rejects for one that is no success. */
export function call(agent: Agent, port: number, { method, path, body }: Call): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers =
    body === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const request = httpRequest({ host: "127.0.0.1", port, agent, method, path, headers }, (response) => {
    response.resume();
    response.on("end", () => {
      if ((response.statusCode ?? 500) < 300) resolve();
      else reject(new Error(`${method} ${path} answered ${response.statusCode ?? 0}`));
    });
  });
  request.on("error", reject);
  request.end(body);
  return promise;
}

/** Reads a body, parses it and answers it; without a body, a sentence. */
export async function bareServer(): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const value: unknown =
        pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : "We have 0 running tasks.";
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, close: () => server.close() };
}
