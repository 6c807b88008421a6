import { Agent, request } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../kube/clock.ts";
import { drain, farewell } from "./farewell.ts";
import { closeServer, httpServer, listen } from "./http-server.ts";

const never = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Served {
  readonly server: Server;
  /** One request over the agent's connection. */
  readonly get: (agent?: Agent) => Promise<IncomingMessage>;
}

async function serve(listener: RequestListener): Promise<Served> {
  const server = httpServer(listener);
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  closing.push(() => closeServer(server));
  const get = (agent = new Agent()): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asking = request({ port, host: "127.0.0.1", agent }, (answer) => {
        answer.resume().on("end", () => resolve(answer));
        answer.on("error", reject);
      });
      asking.on("error", reject).end();
    });
  return { server, get };
}

const hello: RequestListener = (_, response) => void response.end("hello");

describe("a server that goes", () => {
  it("serves on at first, over old and new connections, and says that each of them ends", async () => {
    const { server, get } = await serve(hello);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await get(agent)).headers.connection).toBe("keep-alive");
    const drained = drain(server, { clock, seconds: 1, signal: never });
    expect((await get(agent)).headers.connection).toBe("close");
    expect((await get()).statusCode).toBe(200);
    await drained;
    expect((await get()).statusCode).toBe(200);
  });

  it("fails nobody who asks again and again over one connection, until it takes no new one", async () => {
    const { server, get } = await serve((_, response) => void setTimeout(() => response.end("hello"), 5));
    const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const drained = drain(server, { clock, seconds: 1, signal: never });
    let over = false;
    // As where each new connection goes to the successor: who was told that his connection ends does not come again.
    const clients = agents.map(async (agent) => {
      let answers = 0;
      for (let last = false; !over && !last; answers++) last = (await get(agent)).headers.connection === "close";
      return answers;
    });
    await drained;
    over = true;
    await farewell(server, { clock, seconds: 5 });
    for (const answers of await Promise.all(clients)) expect(answers).toBeGreaterThan(0);
    await expect(get()).rejects.toThrow("ECONNREFUSED");
  });

  it("waits for what is under way, and no longer than that", async () => {
    const { server, get } = await serve((_, response) => void setTimeout(() => response.end("hello"), 500));
    // Nobody would close the connection by himself.
    server.keepAliveTimeout = 600_000;
    const slow = get(new Agent({ keepAlive: true }));
    await new Promise((resolve) => server.once("request", resolve));
    const begun = performance.now();
    await farewell(server, { clock, seconds: 60 });
    expect((await slow).statusCode).toBe(200);
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  it("ends what takes longer than it may", async () => {
    const { server, get } = await serve(() => undefined);
    const stuck = get();
    stuck.catch(() => undefined);
    await new Promise((resolve) => server.once("request", resolve));
    await farewell(server, { clock, seconds: 1 });
    await expect(stuck).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  it("goes at once when that is asked for", async () => {
    const { server } = await serve(hello);
    await drain(server, { clock, seconds: 3600, signal: AbortSignal.abort() });
    await drain(server, { clock, seconds: 0, signal: never });
  });
});
