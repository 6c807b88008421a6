import { connect } from "node:net";
import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { aDoor } from "../../test/api/door.ts";
import type { Door } from "../../test/api/door.ts";
import { until } from "../../test/api/stack.ts";

const spec = {
  trainer: { randomForest: { nEstimators: 5 } },
  dataset: { synthetic: { kind: "uniform" }, problemType: "classification" },
};

let door: Door;
const sockets: Socket[] = [];
beforeAll(async () => {
  door = await aDoor();
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
afterAll(async () => {
  await door.stack.close();
});

/** Opens a connection and sends a request's head. */
function talk(what: string, headers: Record<string, string>) {
  const socket = connect(door.stack.api.port, "127.0.0.1");
  sockets.push(socket);
  let answer = "";
  socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
  socket.on("error", () => undefined);
  const lines = Object.entries({ host: "traintask.example", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`${what} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return { socket, answer: () => answer };
}

const uploads: Record<string, Record<string, string>> = {
  "POST /v1/tasks": { "content-type": "application/json" },
  "PUT /v1/datasets": { "content-type": "text/csv" },
  "POST /v1/tasks/iris/predict": { "content-type": "text/csv" },
  "POST /v1/tasks/iris/progress": { "content-type": "application/json" },
  "PUT /v1/tasks/iris/streams/model/0?offset=0": { "content-type": "application/octet-stream" },
};

describe("who may not send a body is refused before its first byte is read:", () => {
  for (const [what, headers] of Object.entries(uploads)) {
    it(`${what} answers 401 to the head alone, and does not ask for the rest`, async () => {
      const { answer } = talk(what, { ...headers, "content-length": "1000", expect: "100-continue" });
      await until(() => answer() !== "");
      expect(answer()).toMatch(/^HTTP\/1\.1 401 [^]*connection: close/i);
    });
  }

  it("without the right, with a token, too", async () => {
    door.judge = () => false;
    const authorization = `Bearer ${door.token()}`;
    const { answer } = talk("PUT /v1/datasets", {
      "content-type": "text/csv",
      "content-length": "1000",
      expect: "100-continue",
      authorization,
    });
    await until(() => answer() !== "");
    expect(answer()).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("a body without end is not taken", async () => {
    const { socket, answer } = talk("PUT /v1/datasets", { "content-type": "text/csv", "transfer-encoding": "chunked" });
    const chunk = Buffer.from(`10000\r\n${"x".repeat(0x10000)}\r\n`);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", pour);
    pour();
    const limit = 64 << 20;
    await until(() => socket.destroyed || socket.bytesWritten > limit);
    expect(socket.bytesWritten).toBeLessThan(limit);
    expect(answer()).toMatch(/^(HTTP\/1\.1 401 |$)/);
  });
});

describe("who may send a body", () => {
  it("is asked for it", async () => {
    door.judge = () => true;
    const { socket, answer } = talk("PUT /v1/datasets", {
      "content-type": "text/csv",
      "content-length": "8",
      expect: "100-continue",
      authorization: `Bearer ${door.token()}`,
    });
    await until(() => answer().startsWith("HTTP/1.1 100 Continue\r\n"));
    socket.write("a,b\n1,2\n");
    await until(() => answer().includes("HTTP/1.1 201 "));
  });
});

describe("the namespace that a task itself names", () => {
  const submit = (query: string, namespace: string) =>
    door.stack.call(`POST /v1/tasks${query}`, {
      headers: { authorization: `Bearer ${door.token()}` },
      body: { metadata: { name: "iris", namespace }, spec },
    });

  it("is the one in which its sender needs the right", async () => {
    door.judge = ({ verb, namespace }) => verb === "create" && namespace === "default";
    expect((await submit("", "kube-system")).status).toBe(403);
    expect((await submit("", "default")).status).toBe(201);
  });

  it("cannot be another one than that of the query, which was asked about", async () => {
    door.judge = ({ namespace }) => namespace === "default";
    expect((await submit("?namespace=default", "kube-system")).status).toBe(400);
  });
});

describe("counts", () => {
  it("are given of one namespace to who may list the tasks of that one", async () => {
    door.judge = ({ verb, namespace }) => verb === "list" && namespace === "default";
    const headers = { authorization: `Bearer ${door.token()}` };
    expect((await door.stack.call("GET /v1/counts", { headers })).status).toBe(403);
    await until(
      async () => (await door.stack.call("GET /v1/counts?namespace=default", { headers })).at("/total") === 1,
    );
    const text = async (query: string) => (await door.stack.call(`GET /RunningTaskCount${query}`, { headers })).text;
    expect(await text("?namespace=default")).toBe("We have 0 running tasks.");
    door.judge = () => true;
    const all = { authorization: `Bearer ${door.token()}` };
    expect((await door.stack.call("GET /v1/counts?namespace=kube-system", { headers: all })).at("/total")).toBe(0);
  });
});

describe("a browser page from elsewhere", () => {
  it("can do nothing even with a token, under whatever name the API goes", async () => {
    door.judge = () => true;
    const authorization = `Bearer ${door.token()}`;
    const from = async (headers: Record<string, string>) =>
      (await door.stack.call("GET /v1/tasks", { headers: { host: "traintask.example", authorization, ...headers } }))
        .status;
    expect(await from({})).toBe(200);
    expect(await from({ origin: "https://traintask.example" })).toBe(200);
    expect(await from({ origin: "https://evil.example" })).toBe(403);
    expect(await from({ "sec-fetch-site": "cross-site" })).toBe(403);
  });
});
