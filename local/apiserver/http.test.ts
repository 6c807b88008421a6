import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { systemClock } from "../../kube/clock.ts";
import { silentLog } from "../../kube/log.ts";
import { aServer } from "./fixture.ts";
import { serveHttp, type HttpServer } from "./http.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { ApiServer } from "./server.ts";

interface Got {
  readonly status: number;
  readonly text: string;
}

function get(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  const { method = "GET", headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("the server on a port", () => {
  let api: ApiServer;
  let http: HttpServer;
  let origin: string;
  beforeAll(async () => {
    api = aServer({ clock: systemClock }).server;
    http = await serveHttp({ handle: api.handle, log: silentLog });
    origin = new URL(http.url).origin;
  });
  afterAll(async () => {
    await http.close();
    api.close();
  });

  test("answers below its secret path", async () => {
    expect(await get(`${http.url}/readyz`)).toEqual({ status: 200, text: "ok" });
  });

  test("answers nowhere else, and its path cannot be guessed", async () => {
    const { pathname } = new URL(http.url);
    expect(pathname).toMatch(/^\/[\w-]{24}$/);
    for (const path of [
      "/",
      "/readyz",
      `/${"A".repeat(24)}/readyz`,
      "/api",
      `${pathname.slice(0, -1)}/readyz`,
      `${pathname}x/readyz`,
    ]) {
      expect((await get(`${origin}${path}`)).status).toBe(404);
    }
  });

  test("listens on this machine's own address alone", () => {
    expect(new URL(http.url).hostname).toBe("127.0.0.1");
  });

  const port = (): string => new URL(http.url).port;
  const hosts: Record<string, () => string> = {
    "another name": () => `evil.example:${port()}`,
    "another port": () => "127.0.0.1:1",
    "no port": () => "127.0.0.1",
    "a name that only begins like this machine": () => `localhost.evil.example:${port()}`,
  };
  test.each(Object.entries(hosts))("refuses a Host with %s", async (_, host) => {
    expect((await get(`${http.url}/readyz`, { headers: { host: host() } })).status).toBe(403);
  });

  test.each(["localhost", "[::1]"])("takes %s for this machine", async (name) => {
    expect((await get(`${http.url}/readyz`, { headers: { host: `${name}:${port()}` } })).status).toBe(200);
  });

  test("refuses a body of more than 3 MiB and lives on", async () => {
    const body = JSON.stringify({ a: "x".repeat(4 << 20) });
    const path = `${http.url}/api/v1/namespaces/default/configmaps`;
    // The server may close the connection while the client still sends.
    const reply = await get(path, { method: "POST", body, headers: { "content-type": "application/json" } }).catch(
      () => ({ status: 413 }),
    );
    expect(reply.status).toBe(413);
    expect((await get(`${http.url}/readyz`)).status).toBe(200);
  });

  test("answers a request that is no HTTP with 400 and lives on", async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port()), "127.0.0.1", () => socket.write("NONSENSE\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString()));
      socket.on("close", () => resolve(text));
    });
    expect(answer).toContain("400");
    expect((await get(`${http.url}/readyz`)).status).toBe(200);
  });

  test("gives a watch its headers at once and each change as it happens", async () => {
    const watch = await new Promise<IncomingMessage>((resolve, reject) => {
      const path = `${http.url}/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=0`;
      httpRequest(path, resolve).on("error", reject).end();
    });
    const line = new Promise<string>((resolve) => {
      watch.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    });
    await get(`${http.url}/api/v1/namespaces/default/configmaps`, {
      method: "POST",
      body: JSON.stringify({ metadata: { name: "c" } }),
      headers: { "content-type": "application/json" },
    });
    expect(JSON.parse(await line)).toMatchObject({ type: "ADDED", object: { metadata: { name: "c" } } });
    watch.destroy();
  });

  test("closes though a watch is open", async () => {
    const other = await serveHttp({ handle: api.handle, log: silentLog });
    const watch = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${other.url}/api/v1/pods?watch=1&resourceVersion=0`, resolve).on("error", reject).end();
    });
    const ended = new Promise((resolve) => {
      watch.on("error", resolve).on("close", resolve).resume();
    });
    await other.close();
    await ended;
  });
});

test("the kubeconfig leads to the address and only its owner can read it", () => {
  const directory = mkdtempSync(join(tmpdir(), "traintask-kubeconfig-"));
  const path = join(directory, "kubeconfig");
  writeKubeconfig(path, "http://127.0.0.1:1/first");
  writeKubeconfig(path, "http://127.0.0.1:1/second");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(parse(readFileSync(path, "utf8"))).toMatchObject({
    "current-context": "traintask-local",
    clusters: [{ cluster: { server: "http://127.0.0.1:1/second" } }],
  });
  rmSync(directory, { recursive: true });
});
