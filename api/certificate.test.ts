import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../kube/clock.ts";
import type { Clock } from "../kube/clock.ts";
import { httpsTransport } from "../kube/https-transport.ts";
import { text } from "../kube/plain-server.ts";
import { selfSigned } from "../kube/self-signed.ts";
import { startStack, until } from "../test/api/stack.ts";
import type { Stack } from "../test/api/stack.ts";
import { startApi } from "./server.ts";
import type { RunningApi } from "./server.ts";
import { apiSettings, SettingsError } from "./settings.ts";

const root = mkdtempSync(path.join(tmpdir(), "traintask-tls-"));
const mounted = path.join(root, "mounted");
const files = { certFile: path.join(mounted, "cert.pem"), keyFile: path.join(mounted, "key.pem") };
afterAll(() => rmSync(root, { recursive: true }));

/** A folder with a key and certificate of its own. */
function issue(name: string): string | undefined {
  const folder = path.join(root, name);
  mkdirSync(folder);
  return selfSigned(folder) === undefined ? undefined : folder;
}

/** Shows the folder to the server as Kubernetes shows a Secret: by a link that is replaced at once. */
function mount(folder: string): void {
  symlinkSync(folder, `${mounted}.new`);
  renameSync(`${mounted}.new`, mounted);
}

/** The system's clock on which 10 s are 50 ms. */
const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 200, signal) };

const first = issue("first");

describe.skipIf(first === undefined)("over TLS (skipped where there is no openssl)", () => {
  let stack: Stack;
  let api: RunningApi;
  const errors: object[] = [];
  const log = { info: () => undefined, error: (fields: object) => void errors.push(fields) };
  const settings = apiSettings({
    host: "0.0.0.0",
    port: 0,
    metricsPort: 0,
    dataDir: path.join(root, "data"),
    tls: files,
  });
  const start = (): Promise<RunningApi> =>
    startApi({ client: stack.client, clock: hasty, log, settings, signal: new AbortController().signal });
  beforeAll(async () => {
    stack = await startStack();
    mount(first ?? "");
    api = await start();
  });
  afterAll(async () => {
    await api.close();
    await stack.close();
  });

  async function shown(): Promise<string> {
    const socket = connect({ host: "127.0.0.1", port: api.port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return raw.toString("base64");
  }
  const inFolder = (folder = ""): string =>
    readFileSync(path.join(folder, "cert.pem"), "utf8").replaceAll(/-----[A-Z ]+-----|\n/g, "");

  it("the API answers with the certificate that it was given, and links to itself by https", async () => {
    const tls = { ca: readFileSync(files.certFile, "utf8"), servername: "localhost" };
    const transport = httpsTransport({ baseUrl: api.url, tls });
    const ready = await transport.send({ method: "GET", path: "/healthz" });
    expect(await text(ready)).toBe("ok");
    expect(api.url).toBe(`https://127.0.0.1:${api.port}`);
    expect((await transport.send({ method: "GET", path: "/v1/tasks" })).status).toBe(401);
    const token = stack.apiServer.tokens.issue({
      namespace: "default",
      serviceAccountName: "default",
      audiences: ["traintask.dev"],
      expirationSeconds: 600,
    });
    const spec = { trainer: { randomForest: {} }, dataset: { synthetic: {}, problemType: "classification" } };
    const made = await transport.send({
      method: "POST",
      path: "/v1/tasks",
      headers: { authorization: `Bearer ${token.token}`, "content-type": "application/json" },
      body: JSON.stringify({ metadata: { name: "iris" }, spec }),
    });
    expect(made.headers["location"]).toBe(`https://127.0.0.1:${api.port}/v1/tasks/iris`);
    await transport.close();
  });

  it("a new certificate is taken up while the server runs; what cannot be used is passed over, and said once", async () => {
    const before = await shown();
    expect(before).toBe(inFolder(first));
    const second = issue("second") ?? "";
    const torn = issue("torn") ?? "";
    writeFileSync(path.join(torn, "key.pem"), readFileSync(path.join(second, "key.pem")));
    mount(torn);
    await until(() => errors.length > 0);
    await systemClock.sleep(200);
    expect(errors).toHaveLength(1);
    expect(await shown()).toBe(before);
    mount(second);
    await until(async () => (await shown()) === inFolder(second));
  });

  it("the API does not start without its certificate, and says which files it wanted", async () => {
    rmSync(mounted);
    await expect(start()).rejects.toThrow(SettingsError);
    await expect(start()).rejects.toThrow(files.certFile);
  });
});
