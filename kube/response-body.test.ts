import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TransportError } from "./errors.ts";
import { eventually, get, plainWorld, text, type PlainWorld } from "./plain-server.ts";

let world: PlainWorld;
beforeEach(async () => {
  world = await plainWorld();
});
afterEach(() => world.close());

describe("a body", () => {
  it("that is stopped in the middle fails and closes the connection", async () => {
    world.handler = (_request, response) => response.write("half");
    const stop = new AbortController();
    const response = await world.transport().send({ ...get, signal: stop.signal, stream: true });
    const failed = expect(text(response)).rejects.toThrow("stopped by the caller");
    stop.abort();
    await failed;
    await eventually(() => world.open.size === 0);
  });

  it("that breaks off fails, and goes on failing", async () => {
    let breakOff = (): unknown => undefined;
    world.handler = (request, response) => {
      breakOff = () => request.socket.resetAndDestroy();
      response.write("half");
    };
    const body = (await world.transport().send(get)).body[Symbol.asyncIterator]();
    expect(String((await body.next()).value)).toBe("half");
    breakOff();
    await expect(body.next()).rejects.toBeInstanceOf(TransportError);
    await expect(body.next()).rejects.toBeInstanceOf(TransportError);
  });

  it("shorter than its Content-Length fails", async () => {
    world.handler = (request, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half", () => request.socket.end());
    };
    const response = await world.transport().send(get);
    await expect(text(response)).rejects.toThrow("the answer broke off");
  });

  it("that nobody reads stops the sender: it is not gathered in memory", async () => {
    let sent = 0;
    world.handler = (_request, response) => {
      const send = (): void => {
        while (response.write(Buffer.alloc(65_536))) sent += 65_536;
        response.once("drain", send);
      };
      send();
    };
    const response = await world.transport().send({ ...get, stream: true });
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    await body.return?.();
    await eventually(() => world.open.size === 0);
  });

  it("that was given up before the first read frees its connection", async () => {
    world.handler = (_request, response) => response.write("endless");
    const response = await world.transport().send({ ...get, stream: true });
    await response.body[Symbol.asyncIterator]().return?.();
    await eventually(() => world.open.size === 0);
  });

  it("that is empty ends at once", async () => {
    world.handler = (_request, response) => response.writeHead(204).end();
    expect(await text(await world.transport().send(get))).toBe("");
  });
});
