import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clusterConfig, ConfigError } from "./config.ts";
import { virtualClock } from "./virtual-clock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "kube-config-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
}

/** Writes a kubeconfig with one context, "main", and answers its path. */
function kubeconfig({ cluster = {}, user = {}, context = {} }: Parts = {}): string {
  const file = path.join(directory, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: "https://example:6443", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "main", context: { cluster: "c", user: "u", ...context } }],
    "current-context": "main",
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a kubeconfig", () => {
  it("tells the server, its authority and its name", async () => {
    const cluster = { "certificate-authority-data": base64("CA"), "tls-server-name": "other" };
    const found = await clusterConfig({ kubeconfig: kubeconfig({ cluster }) });
    expect(found.baseUrl).toBe("https://example:6443");
    expect(String(found.tls?.ca)).toBe("CA");
    expect(found.tls?.servername).toBe("other");
    expect(found.tls).not.toHaveProperty("rejectUnauthorized");
    expect(await found.authorization?.()).toBeUndefined();
  });

  it("switches checking off only where it says so", async () => {
    const found = await clusterConfig({ kubeconfig: kubeconfig({ cluster: { "insecure-skip-tls-verify": true } }) });
    expect(found.tls?.rejectUnauthorized).toBe(false);
  });

  it("gives the authority also where it names no user", async () => {
    const cluster = { "certificate-authority-data": base64("CA") };
    const found = await clusterConfig({ kubeconfig: kubeconfig({ cluster, context: { user: undefined } }) });
    expect(String(found.tls?.ca)).toBe("CA");
  });

  it("may name a server without TLS behind a path, as a local one is", async () => {
    const cluster = { server: "http://127.0.0.1:1/secret/path" };
    const found = await clusterConfig({ kubeconfig: kubeconfig({ cluster, context: { user: undefined } }) });
    expect(found.baseUrl).toBe("http://127.0.0.1:1/secret/path");
  });

  it("gives a client certificate", async () => {
    const user = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
    const { tls } = await clusterConfig({ kubeconfig: kubeconfig({ user }) });
    expect([String(tls?.cert), String(tls?.key as string)]).toEqual(["CERT", "KEY"]);
  });

  const tokens: Record<string, [user: object, header: string]> = {
    "a token": [{ token: "t" }, "Bearer t"],
    "a user name and a password": [{ username: "me", password: "pw" }, `Basic ${base64("me:pw")}`],
  };
  for (const [name, [user, header]] of Object.entries(tokens)) {
    it(`gives ${name}`, async () => {
      const found = await clusterConfig({ kubeconfig: kubeconfig({ user }) });
      expect(await found.authorization?.()).toBe(header);
    });
  }

  it("asks an exec plugin, and asks again when its token has expired", async () => {
    const script = path.join(directory, "plugin.cjs");
    const expired = JSON.stringify("2020-01-01T00:00:00Z");
    writeFileSync(
      script,
      `const file = ${JSON.stringify(path.join(directory, "count"))}, fs = require("node:fs");
      fs.appendFileSync(file, "x");
      const token = "token-" + fs.readFileSync(file, "utf8").length;
      console.log(JSON.stringify({ status: { token, expirationTimestamp: ${expired} } }));`,
    );
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args: [script] };
    const clock = virtualClock();
    const found = await clusterConfig({ kubeconfig: kubeconfig({ user: { exec } }), clock });
    const first = await found.authorization?.();
    expect(await found.authorization?.()).toBe(first);
    await clock.advance(10_000);
    const second = await found.authorization?.();
    expect([first, second]).toEqual(["Bearer token-2", "Bearer token-3"]);
  });

  const refused: Record<string, [parts: Parts, message: string]> = {
    "that names no such cluster": [
      { context: { cluster: "other" } },
      'context "main" of the kubeconfig has no cluster',
    ],
    "with a proxy": [{ cluster: { "proxy-url": "http://proxy" } }, "proxy-url is not supported"],
    "that impersonates": [{ user: { as: "admin" } }, "impersonation is not supported"],
    "whose exec plugin fails": [{ user: { exec: { command: "/nonexistent" } } }, "no credentials for the cluster"],
  };
  for (const [name, [parts, message]] of Object.entries(refused)) {
    it(`${name} is refused with a reason`, async () => {
      const found = clusterConfig({ kubeconfig: kubeconfig(parts) });
      await expect(found).rejects.toBeInstanceOf(ConfigError);
      await expect(found).rejects.toThrow(message);
    });
  }

  it("that is not there, or has no such context, is refused by its name", async () => {
    await expect(clusterConfig({ kubeconfig: "/nonexistent/config" })).rejects.toThrow("/nonexistent/config");
    await expect(clusterConfig({ kubeconfig: kubeconfig(), context: "other" })).rejects.toThrow('no context "other"');
  });
});
