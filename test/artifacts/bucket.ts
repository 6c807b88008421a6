/**
 * A real S3 server for tests: versitygw, which serves S3 over a folder, on a free port of this machine and with a
 * bucket of its own. `npm run test:cluster` builds it; where it was not built, the tests that need it say so.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { S3Settings } from "../../api/artifacts/s3-objects.ts";
import { systemClock } from "../../kube/clock.ts";
import { isBuilt, tool } from "../cluster/tools.ts";

export const bucketIsAtHand = isBuilt("s3");
/** For the name of what is then left out. */
export const skipped = bucketIsAtHand ? "" : " (skipped: versitygw is not built; npm run test:cluster builds it)";

export const credentials = { accessKeyId: "traintask-tests", secretAccessKey: "a-secret-that-no-log-may-show" };

export interface Bucket {
  readonly settings: S3Settings;
  readonly url: string;
  close(): Promise<void>;
}

/** Also puts the credentials into this process' environment, where the client looks for them. */
export async function startBucket({ port = 0, host = "127.0.0.1" } = {}): Promise<Bucket> {
  const folder = mkdtempSync(path.join(tmpdir(), "traintask-s3-"));
  mkdirSync(path.join(folder, "root", "models"), { recursive: true });
  const { accessKeyId, secretAccessKey } = credentials;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const address = `${host}:${port === 0 ? await freePort(host) : port}`;
  const options = ["--port", address, "--quiet", "--keep-alive"];
  const server = spawn(tool("s3", "versitygw"), [...options, "posix", path.join(folder, "root")], {
    env: { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = `http://${address}`;
  await answers(url);
  return {
    url,
    settings: { bucket: "models", prefix: "", endpoint: url, region: "us-east-1", forcePathStyle: true },
    async close() {
      server.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return;
    if (performance.now() > deadline) throw new Error(`no S3 server has come up at ${url}`);
    await systemClock.sleep(50);
  }
}
