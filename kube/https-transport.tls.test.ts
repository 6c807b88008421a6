import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TransportError } from "./errors.ts";
import { httpsTransport, type HttpsTransportOptions } from "./https-transport.ts";
import { get, text } from "./plain-server.ts";
import { selfSigned } from "./self-signed.ts";

const directory = mkdtempSync(path.join(tmpdir(), "kube-tls-"));
const certificate = selfSigned(directory);
afterAll(() => rmSync(directory, { recursive: true }));

describe.skipIf(certificate === undefined)("over TLS (skipped where there is no openssl)", () => {
  let server: https.Server;
  let ca: string;
  let port: number;
  beforeAll(async () => {
    const { key = "", cert = "" } = certificate ?? {};
    ca = readFileSync(cert, "utf8");
    server = https.createServer({ key: readFileSync(key), cert: ca }, (_request, response) => response.end("secret"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const ask = async (options: Omit<HttpsTransportOptions, "baseUrl">, host = "localhost"): Promise<string> => {
    const transport = httpsTransport({ baseUrl: `https://${host}:${port}`, ...options });
    try {
      return await text(await transport.send(get));
    } finally {
      await transport.close();
    }
  };

  it("a server is believed whose certificate the given authority signed", async () => {
    expect(await ask({ tls: { ca } })).toBe("secret");
  });

  it("no other server is believed", async () => {
    await expect(ask({})).rejects.toBeInstanceOf(TransportError);
  });

  it("the certificate's name must be the URL's, or the one that is expected", async () => {
    await expect(ask({ tls: { ca } }, "127.0.0.1")).rejects.toBeInstanceOf(TransportError);
    expect(await ask({ tls: { ca, servername: "localhost" } }, "127.0.0.1")).toBe("secret");
  });

  it("nothing is checked where the caller says so", async () => {
    expect(await ask({ tls: { rejectUnauthorized: false } })).toBe("secret");
  });
});
