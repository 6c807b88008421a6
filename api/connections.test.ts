import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { RequestListener, Server } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../test/api/stack.ts";
import { selfSigned } from "../kube/self-signed.ts";
import { closeServer, httpServer, listen } from "./http-server.ts";

const question = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const directory = mkdtempSync(path.join(tmpdir(), "traintask-connections-"));
const files = selfSigned(directory);
const certificate = files && { key: readFileSync(files.key, "utf8"), cert: readFileSync(files.cert, "utf8") };
rmSync(directory, { recursive: true });

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  if (server !== undefined) await closeServer(server);
});

interface Talk {
  readonly socket: Socket;
  readonly heard: () => string;
}

/** Serves what the listener says; answers how to connect. */
async function serve(listener: RequestListener, encrypted = false): Promise<() => Promise<Talk>> {
  server = httpServer(listener, encrypted ? certificate : undefined);
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  return async () => {
    const socket = encrypted
      ? connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false })
      : connect(port, "127.0.0.1");
    sockets.push(socket);
    let text = "";
    socket.on("data", (bytes: Buffer) => (text += bytes.toString())).on("error", () => undefined);
    await once(socket, encrypted ? "secureConnect" : "connect");
    return { socket, heard: () => text };
  };
}

const hello: RequestListener = (_request, response) => void response.end("hello");
const answers = ({ heard }: Talk): number => heard().split("hello").length - 1;
/** Asks, and waits for the answer. */
async function ask(talk: Talk): Promise<void> {
  const before = answers(talk);
  talk.socket.write(question);
  await until(() => answers(talk) > before);
}

for (const encrypted of [false, true])
  describe.skipIf(encrypted && certificate === undefined)(
    `who connects and says nothing${encrypted ? ", encrypted (skipped where there is no openssl)" : ""}`,
    () => {
      it("keeps nobody out, and is let go when there are too many", async () => {
        const connection = await serve(hello, encrypted);
        const early = await connection();
        await ask(early);
        const silent: Talk[] = [];
        for (let i = 0; i < 10; i++) {
          silent.push(...(await Promise.all(Array.from({ length: 30 }, connection))));
          await ask(early);
        }
        await until(() => silent.filter(({ socket }) => socket.destroyed).length === 300 - 256);
        await ask(early);
        await ask(await connection());
      });
    },
  );

describe("who does not wait for answers", () => {
  it("is cut off, and little of what was asked is worked on", async () => {
    let asked = 0;
    const connection = await serve(() => void (asked += 1));
    const { socket } = await connection();
    socket.write(question.repeat(100));
    await until(() => socket.destroyed);
    expect(asked).toBe(2);
  });

  it("is not read any further, and neither is what came along with it", async () => {
    const connection = await serve(() => undefined);
    let read = 0;
    server!.prependListener("request", () => (read += 1));
    const { socket } = await connection();
    socket.write(question.repeat(1000));
    await until(() => socket.destroyed);
    expect(read).toBe(3);
    // Node keeps the parser for the next connection.
    const next = await connection();
    next.socket.write(question);
    await until(() => read === 4);
  });

  it("may ask again and again once answers have come", async () => {
    const talk = await (await serve(hello))();
    for (let i = 1; i <= 20; i++) await ask(talk);
  });
});

describe("an answer before the end of its request", () => {
  const head = "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";

  it("is the last on its connection", async () => {
    const { socket, heard } = await (await serve(hello))();
    socket.write(head);
    await until(() => socket.destroyed);
    expect(heard()).toMatch(/^HTTP\/1\.1 200 [^]*connection: close/i);
  });

  it("does not make a body without end welcome", async () => {
    const { socket } = await (await serve(hello))();
    socket.write(head);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(`10000\r\n${"x".repeat(0x10000)}\r\n`));
    };
    socket.on("drain", pour);
    pour();
    await until(() => socket.destroyed);
    expect(socket.bytesWritten).toBeLessThan(64 << 20);
  });

  it("after it is not", async () => {
    const { socket, heard } = await (
      await serve((request, response) => void request.resume().on("end", () => response.end("hello")))
    )();
    socket.write(`${head}0\r\n\r\n`);
    await until(() => heard().endsWith("hello"));
    expect(heard()).toMatch(/connection: keep-alive/i);
  });
});
