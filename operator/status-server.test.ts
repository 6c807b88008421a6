import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startStatusServer } from "./status-server.ts";
import type { StatusServer } from "./status-server.ts";

let server: StatusServer;
let wrong: { health?: string; readiness?: string };
let failing: boolean;
beforeEach(async () => {
  wrong = {};
  failing = false;
  server = await startStatusServer({
    host: "127.0.0.1",
    port: 0,
    unhealthy: () => wrong.health,
    unready: () => wrong.readiness,
    metrics: {
      contentType: "text/plain; version=0.0.4",
      metrics: () => (failing ? Promise.reject(new Error("broken")) : Promise.resolve("up 1\n")),
    },
  });
});
afterEach(() => server.close());

const ask = (path: string, method = "GET"): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method });

describe("the operator's port", () => {
  it("answers each probe for itself, with the reason", async () => {
    wrong = { readiness: "the caches are being filled" };
    expect((await ask("/healthz")).status).toBe(200);
    const unready = await ask("/readyz?verbose");
    expect([unready.status, await unready.text()]).toEqual([503, "the caches are being filled\n"]);
    wrong = { health: "stuck" };
    expect((await ask("/healthz")).status).toBe(503);
    expect((await ask("/readyz")).status).toBe(200);
  });

  it("gives metrics in Prometheus' type", async () => {
    const answer = await ask("/metrics");
    expect([answer.status, await answer.text()]).toEqual([200, "up 1\n"]);
    expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  });

  it("survives metrics that cannot be read", async () => {
    failing = true;
    expect((await ask("/metrics")).status).toBe(500);
    expect((await ask("/healthz")).status).toBe(200);
  });

  it("has nothing else and takes nothing but GET", async () => {
    for (const path of ["/", "/constructor", "/healthz/x"]) expect((await ask(path)).status).toBe(404);
    for (const method of ["POST", "PUT", "DELETE"]) expect((await ask("/healthz", method)).status).toBe(404);
  });

  it("says when it cannot be opened", async () => {
    const { port } = server;
    const options = { host: "127.0.0.1", unhealthy: () => undefined, unready: () => undefined };
    const metrics = { contentType: "", metrics: () => Promise.resolve("") };
    await expect(startStatusServer({ ...options, port, metrics })).rejects.toThrow(/EADDRINUSE/);
  });
});
