import { once } from "node:events";
import type http from "node:http";
import net from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TransportError } from "./errors.ts";
import { httpsTransport } from "./https-transport.ts";
import { eventually, get, plainWorld, text, urlOf, type PlainWorld } from "./plain-server.ts";

let world: PlainWorld;
beforeEach(async () => {
  world = await plainWorld();
});
afterEach(() => world.close());

describe("a request", () => {
  it("carries method, path behind the base URL's, headers, body and authorization", async () => {
    const seen: unknown[] = [];
    world.handler = (request, response) => {
      const { method, url: path, headers } = request;
      request.setEncoding("utf8").on("data", (body) => {
        seen.push(method, path, headers["x-test"], headers.authorization, headers["content-length"], body);
        response.writeHead(201, { "x-answer": "yes" }).end("ok");
      });
    };
    const transport = world.transport({
      baseUrl: `${world.url}/secret/prefix/`,
      authorization: () => Promise.resolve("Bearer t"),
    });
    const response = await transport.send({ method: "PUT", path: "/a?b=c", headers: { "x-test": "1" }, body: "Größe" });
    expect([response.status, response.headers["x-answer"], await text(response)]).toEqual([201, "yes", "ok"]);
    expect(seen).toEqual(["PUT", "/secret/prefix/a?b=c", "1", "Bearer t", "7", "Größe"]);
  });

  it("carries the body of a DELETE so that the server sees its end, and the next request after it", async () => {
    const seen: string[] = [];
    world.handler = (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => (body += part));
      request.on("end", () => response.end(String(seen.push(`${request.method} ${body}`))));
    };
    const transport = world.transport({ maxSockets: 1 });
    const bodies = ["{}", '{"preconditions":{}}'];
    for (const body of bodies) await text(await transport.send({ method: "DELETE", path: "/", body }));
    await text(await transport.send(get));
    expect(seen).toEqual(["DELETE {}", 'DELETE {"preconditions":{}}', "GET "]);
    expect(world.connections).toBe(1);
  });

  it("is not sent on a connection that the server is about to close: it closes an idle one first", async () => {
    // It waits for longer than it says.
    world.handler = (_, response) => response.writeHead(200, { "keep-alive": "timeout=2" }).end("ok");
    await text(await world.transport().send(get));
    await eventually(() => world.open.size === 0);
  });

  it("asks for the authorization anew each time, since tokens rotate", async () => {
    const seen: unknown[] = [];
    world.handler = (request, response) => response.end(String(seen.push(request.headers.authorization)));
    let count = 0;
    const transport = world.transport({ authorization: () => `Bearer ${++count}` });
    for (let times = 0; times < 2; times++) await text(await transport.send(get));
    expect(seen).toEqual(["Bearer 1", "Bearer 2"]);
  });

  it("is not sent when there are no credentials", async () => {
    const transport = world.transport({ authorization: () => Promise.reject(new Error("no token file")) });
    await expect(transport.send(get)).rejects.toMatchObject({
      name: "TransportError",
      cause: { message: "no token file" },
    });
    expect(world.connections).toBe(0);
  });

  it("fails with a TransportError that names it when nobody listens", async () => {
    const closed = net.createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const nowhere = urlOf(closed);
    closed.close();
    const failed = world.transport({ baseUrl: nowhere }).send({ method: "GET", path: "/apis" });
    await expect(failed).rejects.toBeInstanceOf(TransportError);
    await expect(failed).rejects.toThrow("GET /apis: connect ECONNREFUSED");
  });

  it("refuses a base URL that is not HTTP", () => {
    expect(() => httpsTransport({ baseUrl: "ftp://example" })).toThrow("not an http:// or https:// URL");
  });
});

describe("connections", () => {
  it("are used again", async () => {
    const transport = world.transport();
    for (let times = 0; times < 10; times++) await text(await transport.send(get));
    expect(world.connections).toBe(1);
  });

  it("are never more than configured, however many calls wait", async () => {
    const transport = world.transport({ maxSockets: 3 });
    await Promise.all(Array.from({ length: 50 }, async () => text(await transport.send(get))));
    expect(world.connections).toBe(3);
  });

  it("for calls are not taken by streams", async () => {
    world.handler = (request, response) => (request.url === "/watch" ? response.write("line") : response.end("ok"));
    const transport = world.transport({ maxSockets: 1 });
    const watch = { method: "GET", path: "/watch", stream: true };
    const watches = await Promise.all([transport.send(watch), transport.send(watch), transport.send(watch)]);
    expect(await text(await transport.send(get))).toBe("ok");
    for (const { body } of watches) await body[Symbol.asyncIterator]().return?.();
    await eventually(() => world.open.size === 1);
  });

  it("that the server closed while idle do not fail the next read", async () => {
    const transport = world.transport();
    await text(await transport.send(get));
    // The server hangs up in the moment in which the next request is on its way.
    let hungUp = 0;
    const answer = world.handler;
    world.handler = (request, response) => (hungUp++ === 0 ? request.socket.destroy() : answer(request, response));
    expect(await text(await transport.send(get))).toBe("hello");
    expect(hungUp).toBe(2);
  });

  it("that break under a write fail it: whether it was done is unknown, so it is not sent twice", async () => {
    const transport = world.transport();
    await text(await transport.send(get));
    let writes = 0;
    world.handler = (request) => {
      writes += 1;
      request.socket.destroy();
    };
    await expect(transport.send({ method: "POST", path: "/", body: "{}" })).rejects.toBeInstanceOf(TransportError);
    expect(writes).toBe(1);
  });
});

describe("a deadline", () => {
  it("ends a call whose answer does not come, by default after 30 seconds", async () => {
    world.handler = () => undefined;
    const failed = expect(world.transport().send(get)).rejects.toThrow("no answer within 30000 ms");
    await eventually(() => world.open.size === 1);
    await world.clock.advance(30_000);
    await failed;
    await eventually(() => world.open.size === 0);
  });

  it("ends a call whose body does not come to its end", async () => {
    world.handler = (_request, response) => response.write("half");
    const response = await world.transport().send({ ...get, timeoutMs: 500 });
    const failed = expect(text(response)).rejects.toThrow("no answer within 500 ms");
    await world.clock.advance(500);
    await failed;
    await eventually(() => world.open.size === 0);
  });

  it("does not end a stream once its headers are there", async () => {
    let answer: http.ServerResponse | undefined;
    world.handler = (_request, response) => (answer = response).write("first,");
    const response = await world.transport().send({ ...get, timeoutMs: 500, stream: true });
    await world.clock.advance(3_600_000);
    answer?.end("last");
    expect(await text(response)).toBe("first,last");
  });

  it("leaves no timer behind", async () => {
    await text(await world.transport().send(get));
    expect(world.clock.pending).toBe(0);
  });
});

describe("a stop", () => {
  it("during connect ends the request at once", async () => {
    // It accepts TCP and never answers the TLS handshake, so the connection is never made.
    const silent = net.createServer().listen(0, "127.0.0.1");
    const accepted = once(silent, "connection") as Promise<[net.Socket]>;
    await once(silent, "listening");
    const stop = new AbortController();
    const sent = world
      .transport({ baseUrl: urlOf(silent).replace("http:", "https:") })
      .send({ ...get, signal: stop.signal });
    const failed = expect(sent).rejects.toThrow("stopped by the caller");
    const [socket] = await accepted;
    socket.on("error", () => undefined).resume();
    stop.abort();
    await failed;
    if (!socket.destroyed) await once(socket, "close");
    silent.close();
  });

  it("before the request sends nothing", async () => {
    const sent = world.transport().send({ ...get, signal: AbortSignal.abort() });
    await expect(sent).rejects.toThrow("stopped by the caller");
    expect(world.connections).toBe(0);
  });

  it("while waiting for a connection ends the request", async () => {
    world.handler = () => undefined;
    const transport = world.transport({ maxSockets: 1 });
    const first = expect(transport.send(get)).rejects.toBeInstanceOf(TransportError);
    const stop = new AbortController();
    const second = expect(transport.send({ ...get, signal: stop.signal })).rejects.toThrow("stopped by the caller");
    await eventually(() => world.open.size === 1);
    stop.abort();
    await second;
    await transport.close();
    await first;
  });

  it("is not listened for any more once a body is read", async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { signal } = stop;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await text(await world.transport().send({ ...get, signal }));
    expect(listeners).toBe(0);
  });

  it("of the whole transport ends what is under way and refuses what comes", async () => {
    world.handler = (request, response) => void (request.url === "/stream" && response.write("half"));
    const transport = world.transport();
    const stream = await transport.send({ method: "GET", path: "/stream", stream: true });
    const waiting = expect(transport.send(get)).rejects.toThrow("closed");
    const reading = expect(text(stream)).rejects.toThrow("closed");
    await eventually(() => world.open.size === 2);
    await transport.close();
    await Promise.all([waiting, reading]);
    await expect(transport.send(get)).rejects.toThrow("closed");
    await eventually(() => world.open.size === 0);
  });
});
