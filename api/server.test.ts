import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTask } from "../test/api/pod.ts";
import { call, startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { systemClock } from "../kube/clock.ts";
import type { Clock } from "../kube/clock.ts";
import { apiSettings, SettingsError } from "./settings.ts";
import type { ApiSettings } from "./settings.ts";

/** The system's clock, but patience ends a hundred times as fast: 10 s are 100 ms. */
const hasty: Clock = { ...systemClock, after: (ms, callback) => systemClock.after(ms / 100, callback) };

let stack: Stack;
const sockets: Socket[] = [];
beforeAll(async () => {
  stack = await startStack({ clock: hasty, settings: { metricsPort: 0 } });
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
afterAll(async () => {
  await stack.close();
});

/** Opens a connection, writes the text, and gathers what comes back. */
function talk(text: string): { socket: Socket; answer: () => string; closed: Promise<void> } {
  const socket = connect(stack.api.port, "127.0.0.1");
  sockets.push(socket);
  let answer = "";
  socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.write(text);
  return { socket, answer: () => answer, closed };
}
const head = (what: string, more: string): string =>
  `${what} HTTP/1.1\r\nhost: 127.0.0.1:${stack.api.port}\r\ncontent-type: application/json\r\n${more}\r\n`;

describe("a body that does not come", () => {
  it("is cut off with a 408, and the connection closed", async () => {
    const { answer, closed } = talk(head("POST /v1/tasks", "content-length: 100\r\n") + '{"spec"');
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 408 [^]*connection: close[^]*too slowly/i);
  });

  it("is cut off although it trickles", async () => {
    const { socket, answer, closed } = talk(head("POST /v1/tasks", "content-length: 100000\r\n"));
    const trickle = setInterval(() => socket.write(" "), 20);
    await closed;
    clearInterval(trickle);
    expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("keeps nobody else waiting", async () => {
    for (let i = 0; i < 50; i++) talk(head("POST /v1/tasks", "content-length: 100\r\n"));
    expect((await stack.call("GET /healthz")).text).toBe("ok");
  });

  it("that is announced as too large is refused before it is sent", async () => {
    const { answer, closed } = talk(head("POST /v1/tasks", "content-length: 99999999999\r\n"));
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe("the port", () => {
  const refused: Record<string, { settings: Partial<ApiSettings>; why: RegExp }> = {
    "without asking for tokens": {
      settings: { access: "local", host: "0.0.0.0", tls: { certFile: "c", keyFile: "k" } },
      why: /^access: must be kubernetes where others can reach the API/,
    },
    "without a certificate": { settings: { host: "::" }, why: /^tls: a certificate is needed/ },
    "with half a certificate": { settings: { tls: { certFile: "c", keyFile: "" } }, why: /^tls\.keyFile/ },
    "by a name instead of an address": { settings: { host: "localhost" }, why: /^host: an IP address is wanted/ },
  };
  for (const [name, { settings, why }] of Object.entries(refused)) {
    it(`is not opened to others ${name}: a sentence names the setting`, () => {
      expect(() => apiSettings({ dataDir: "x", ...settings })).toThrow(SettingsError);
      expect(() => apiSettings({ dataDir: "x", ...settings })).toThrow(why);
    });
  }

  it("is open to this machine alone, to who has a token, unless something else is said", () => {
    expect(apiSettings({ dataDir: "x" })).toMatchObject({ host: "127.0.0.1", access: "kubernetes" });
  });

  it("that is taken is an error, and nothing stays behind", async () => {
    await expect(startStack({ settings: { port: stack.api.port } })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe("metrics", () => {
  it("stand on a port of their own", async () => {
    await createTask(stack, "measured");
    await until(async () => (await stack.call("GET /v1/counts")).at("/queued") === 1);
    const metrics = await call(stack.api.metricsPort ?? 0, "GET /metrics");
    expect(metrics.text).toContain('traintask_tasks{state="queued"} 1');
    expect(metrics.text).toMatch(
      /request_duration_seconds_count\{method="GET",route="\/v1\/counts",status="200"\} [1-9]/,
    );
    expect((await stack.call("GET /metrics")).status).toBe(404);
  });
});

describe("answers", () => {
  it("bear headers that keep a browser from doing anything with them", async () => {
    const { headers } = await stack.call("GET /v1/counts");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["x-powered-by"]).toBeUndefined();
  });

  it("to pages of its own origin and to curl are given", async () => {
    const headers = { origin: stack.api.url, "sec-fetch-site": "same-origin" };
    expect((await stack.call("GET /v1/counts", { headers })).status).toBe(200);
    expect((await stack.call("GET /v1/counts", { headers: { host: `localhost:${stack.api.port}` } })).status).toBe(200);
  });

  it("include the OpenAPI document", async () => {
    expect((await stack.call("GET /openapi.json")).at("/openapi")).toBe("3.1.0");
  });
});

describe("close", () => {
  it("ends followed logs, refuses new connections and can be called twice", async () => {
    const other = await startStack();
    await createTask(other, "waiting");
    const followed = other.call("GET /v1/tasks/waiting/logs?follow=true");
    await sleep(50);
    await Promise.all([other.api.close(), other.api.close()]);
    await followed;
    await expect(other.call("GET /healthz")).rejects.toThrow(/ECONNREFUSED/);
    await other.close();
  });
});
