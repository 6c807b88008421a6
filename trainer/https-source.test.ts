import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DataError } from "../data/error.ts";
import { selfSigned } from "../kube/self-signed.ts";
import { ConfigurationError, TemporaryError } from "./errors.ts";
import { type HttpsOptions, httpsTable, type ResolveAll } from "./https-source.ts";

const directory = mkdtempSync(path.join(tmpdir(), "traintask-https-"));
const certificate = selfSigned(directory);
const ca = certificate === undefined ? "" : readFileSync(certificate.cert, "utf8");

let server: Server;
let port: number;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[];

beforeAll(async () => {
  if (certificate === undefined) return;
  const options = { key: readFileSync(certificate.key), cert: ca };
  server = createServer(options, (request, response) => {
    asked.push(String(request.url));
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  ({ port } = server.address() as AddressInfo);
});
beforeEach(() => {
  asked = [];
  answer = (_request, response) => response.end("x,y\n1,2\n");
});
afterAll(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(directory, { recursive: true });
});

/** A resolver that gives one answer after the other, the last one for ever. */
function resolver(...answers: string[][]): ResolveAll & { calls: number } {
  const resolve = Object.assign(
    (_host: string, done: Parameters<ResolveAll>[1]) => {
      const addresses = answers[Math.min(resolve.calls++, answers.length - 1)]!;
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
    },
    { calls: 0 },
  );
  return resolve;
}

async function fetched(uri: string, options: Partial<HttpsOptions> = {}): Promise<string> {
  const chunks: Uint8Array[] = [];
  const told = { allowPrivateAddresses: true, ca, resolveAll: resolver(["127.0.0.1"]), ...options };
  for await (const chunk of httpsTable(uri, told)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}
const at = (place: string): string => `https://localhost:${port}${place}`;
async function refusal(uri: string, options: Partial<HttpsOptions> = {}): Promise<Error> {
  return fetched(uri, options).then(
    (text) => new Error(`it was read: ${text}`),
    (error: Error) => error,
  );
}

describe.skipIf(certificate === undefined)("a table from the web", () => {
  test("is the body, and nothing is asked that would change it on the way", async () => {
    let headers: IncomingMessage["headers"] = {};
    answer = (request, response) => {
      ({ headers } = request);
      response.write("x,y\n");
      response.end("1,2\n");
    };
    expect(await fetched(at("/rows.csv?key=a"))).toBe("x,y\n1,2\n");
    expect(asked).toEqual(["/rows.csv?key=a"]);
    expect(headers).toMatchObject({ "accept-encoding": "identity" });
    expect(headers).not.toHaveProperty("authorization");
  });

  test("may be sent compressed, and is then passed on so", async () => {
    const sent = gzipSync("x\n1\n");
    answer = (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(sent);
    expect(await fetched(at("/"))).toBe(sent.toString("latin1"));
  });

  test("is found over redirects of the same host", async () => {
    answer = ({ url }, response) => {
      if (url === "/c") return response.end("found");
      return response.writeHead(url === "/a" ? 302 : 308, { location: url === "/a" ? "b" : at("/c") }).end();
    };
    expect(await fetched(at("/a"))).toBe("found");
    expect(asked).toEqual(["/a", "/b", "/c"]);
  });

  const redirects: Record<string, { location: string; says: RegExp }> = {
    "to another host": {
      location: "https://elsewhere.example/x",
      says: /redirects to another host, elsewhere\.example\./,
    },
    "to another port": { location: "https://localhost:1/x", says: /redirects to another host, localhost:1\./ },
    "to plain http": { location: "http://localhost/x", says: /redirects to http:, and only https is read/ },
    "to itself, for ever": { location: "/", says: /redirects more than 5 times/ },
    "to nowhere": { location: "https://", says: /redirects to what is no address/ },
  };
  test.each(Object.entries(redirects))("is refused where it redirects %s", async (_, { location, says }) => {
    answer = (_request, response) => response.writeHead(301, { location }).end();
    const error = await refusal(at("/"));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(says);
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  const statuses: Record<string, { status: number; kind: typeof ConfigurationError | typeof TemporaryError }> = {
    "404": { status: 404, kind: ConfigurationError },
    "403": { status: 403, kind: ConfigurationError },
    "204": { status: 204, kind: ConfigurationError },
    "429": { status: 429, kind: TemporaryError },
    "500": { status: 500, kind: TemporaryError },
    "503": { status: 503, kind: TemporaryError },
  };
  test.each(Object.entries(statuses))(
    "whose answer is %s is told so, without what stands behind ?",
    async (_, { status, kind }) => {
      answer = (_request, response) => response.writeHead(status, { "retry-after": "7" }).end();
      const error = await refusal(at("/x.csv?secret=1"));
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toContain(String(status));
      expect(error.message).not.toContain("secret");
      if (error instanceof TemporaryError) expect(error.retryAfterMs).toBe(7000);
    },
  );

  const interrupted: Record<string, (response: ServerResponse) => void> = {
    "is shorter than announced": (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("x,y\n", () => response.destroy());
    },
    "breaks off between two pieces": (response) => response.write("x,y\n", () => response.destroy()),
    "never begins": (response) => void response.destroy(),
  };
  test.each(Object.entries(interrupted))("that %s may be whole the next time", async (_, interrupt) => {
    answer = (_request, response) => interrupt(response);
    expect(await refusal(at("/"))).toBeInstanceOf(TemporaryError);
  });

  test.each(["before its head", "in its body"])("that falls silent %s is given up", async (where) => {
    answer = (_request, response) => void (where === "in its body" && response.write("x,y\n"));
    const error = await refusal(at("/"), { idleMs: 200 });
    expect(error).toBeInstanceOf(TemporaryError);
    expect(error.message).toContain("not a byte came for 0.2 s");
  });

  test("in an encoding that is not read is refused", async () => {
    answer = (_request, response) => response.writeHead(200, { "content-encoding": "br" }).end("x");
    const error = await refusal(at("/"));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/is sent as br/);
  });

  test("of a host whose certificate is not trusted is refused", async () => {
    const error = await refusal(at("/"), { ca: undefined as unknown as string });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  });

  test("of a host that cannot be found now may be there the next time", async () => {
    const resolveAll: ResolveAll = (_host, done) =>
      done(Object.assign(new Error("queryA EAI_AGAIN"), { code: "EAI_AGAIN" }), []);
    expect(await refusal(at("/"), { resolveAll })).toBeInstanceOf(TemporaryError);
    expect(await refusal(at("/"), { resolveAll: resolver([]) })).toBeInstanceOf(TemporaryError);
  });

  test.each(["http://localhost/x", "https://me:secret@localhost/", "rows.csv"])("is not read from %s", async (uri) => {
    expect(await refusal(uri)).toBeInstanceOf(ConfigurationError);
    expect(asked).toEqual([]);
  });
});

describe.skipIf(certificate === undefined)("an address that is not public", () => {
  const guarded = { allowPrivateAddresses: false };
  const hosts = ["127.0.0.1", "[::1]", "0x7f000001", "2130706433", "[::ffff:7f00:1]", "169.254.169.254", "10.0.0.1"];
  test.each(hosts)("is refused where the uri itself names it: %s", async (host) => {
    const resolveAll = resolver(["127.0.0.1"]);
    const error = await refusal(`https://${host}:${port}/`, { ...guarded, resolveAll });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/not public.*trainer\.allowPrivateAddresses/);
    expect([resolveAll.calls, asked]).toEqual([0, []]);
  });

  const answers = { alone: ["127.0.0.1"], "beside a public one": ["2c0f:ffff::1", "127.0.0.1"], "of IPv6": ["::1"] };
  test.each(Object.entries(answers))(
    "is refused where the resolver answers it %s, and the answer is not told",
    async (_, addresses) => {
      const error = await refusal(at("/"), { ...guarded, resolveAll: resolver(addresses) });
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).not.toMatch(/127\.0\.0\.1|::1/);
      expect(asked).toEqual([]);
    },
  );

  test("is refused where the system's own resolver finds it", async () => {
    const { resolveAll: _own, ...options } = { ...guarded, ca, resolveAll: undefined };
    const reading = httpsTable(at("/"), options).next();
    await expect(reading).rejects.toThrow(ConfigurationError);
    expect(asked).toEqual([]);
  });

  test("is never reached by a resolver that changes its answer: what was checked is what is connected to", async () => {
    // Nobody has the first address, so the connection comes to nothing.
    const resolveAll = resolver(["2c0f:ffff::1"], ["127.0.0.1"]);
    expect(await refusal(at("/"), { ...guarded, resolveAll, idleMs: 200 })).toBeInstanceOf(TemporaryError);
    expect([resolveAll.calls, asked]).toEqual([1, []]);
    // Asked again, it is looked at again.
    expect(await refusal(at("/"), { ...guarded, resolveAll })).toBeInstanceOf(ConfigurationError);
    expect([resolveAll.calls, asked]).toEqual([2, []]);
  });

  test("is read where the installation allows it", async () => {
    expect(await fetched(at("/"))).toBe("x,y\n1,2\n");
  });
});
