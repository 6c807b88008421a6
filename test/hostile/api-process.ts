/**
 * The API as a process of its own, as its image runs it, beside a local API server in this process: its memory and its
 * patience can then be measured from outside, while somebody ill-treats it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { getPriority, setPriority, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog } from "../../kube/log.ts";
import { systemClock } from "../../kube/clock.ts";
import type { Transport } from "../../kube/transport.ts";
import { serveHttp } from "../../local/apiserver/http.ts";
import { writeKubeconfig } from "../../local/apiserver/kubeconfig.ts";
import { createApiServer } from "../../local/apiserver/server.ts";
import { reviewsBy } from "../api/reviews.ts";

const root = path.resolve(import.meta.dirname, "../..");
const crds = path.join(root, "deploy/helm/traintask/crds");

export interface ApiProcess {
  readonly port: number;
  /** Of somebody who may do everything; where everybody may, it means nothing. */
  readonly token: string;
  /** Forgets the peak so far. */
  resetPeak(): void;
  /** Most memory that was resident since then, in MiB. */
  peakMiB(): number;
  stop(): Promise<void>;
}

export async function startApiProcess(access: "local" | "kubernetes"): Promise<ApiProcess> {
  const priority = getPriority();
  favour(process.pid);
  const dataDir = mkdtempSync(path.join(tmpdir(), "traintask-hostile-"));
  const apiServer = createApiServer({
    databasePath: ":memory:",
    clock: systemClock,
    log: silentLog,
    crds: ["traintasks.yaml", "trainqueues.yaml"].map((file) => readFileSync(path.join(crds, file), "utf8")),
  });
  const answer: Transport["send"] = (request) => apiServer.handle(request);
  const door = await serveHttp({ handle: reviewsBy(() => true)(answer), log: silentLog });
  const kubeconfig = path.join(dataDir, "kubeconfig");
  writeKubeconfig(kubeconfig, door.url);
  const { token } = apiServer.tokens.issue({
    namespace: "default",
    serviceAccountName: "default",
    audiences: [],
    expirationSeconds: 3600,
  });
  const port = await freePort();
  const api = spawn(
    process.execPath,
    ["--max-semi-space-size=1", "--optimize-for-size", path.join(root, "api/main.ts")],
    {
      env: {
        KUBECONFIG: kubeconfig,
        TRAINTASK_ACCESS: access,
        TRAINTASK_DATA_DIR: path.join(dataDir, "data"),
        TRAINTASK_PORT: String(port),
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  await untilReady(api, port);
  await submitIris(port, token);
  return {
    port,
    token,
    resetPeak: () => writeFileSync(`/proc/${api.pid}/clear_refs`, "5"),
    peakMiB: () => Number(/VmHWM:\s+([0-9]+)/.exec(readFileSync(`/proc/${api.pid}/status`, "utf8"))?.[1]) / 1024,
    async stop() {
      const ended = once(api, "exit");
      if (api.exitCode === null && api.signalCode === null && api.kill("SIGTERM")) await ended;
      setPriority(process.pid, priority);
      await door.close();
      apiServer.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Whatever runs besides would sit on other machines; here it must not win by taking the API's processor. Where we may
 * not say so, all are alike.
 */
function favour(pid: number): void {
  try {
    setPriority(pid, -10);
  } catch {
    // Only root may.
  }
}

async function submitIris(port: number, token: string): Promise<void> {
  const spec = { trainer: { randomForest: {} }, dataset: { synthetic: {}, problemType: "classification" } };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/tasks`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ metadata: { name: "iris" }, spec }),
  });
  if (answer.status !== 201) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function untilReady(api: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  const ready = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  while (!(await ready().catch(() => false))) {
    if (performance.now() > deadline || api.exitCode !== null) throw new Error("the API process does not answer");
    await sleep(20);
  }
}
