/**
 * A training pod without a cluster: the compiled trainer as a process, with the environment and the files that a pod has,
 * and an API that takes all that it uploads and keeps nothing but a digest of the model.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { z } from "zod";
import { bundle } from "../../../scripts/bundle.ts";
import { env, headers } from "../../../traintask/contract.ts";
import type { ChunkAnswer } from "../../../traintask/chunk-answer.ts";
import { podConfigSchema } from "../../../traintask/pod-config.ts";
import { podConfigDigest } from "../../../traintask/pod-config-digest.ts";
import { runTimed, type Used } from "./timed.ts";

export interface PodTask {
  readonly config: Pick<z.input<typeof podConfigSchema>, "trainer" | "dataset">;
  /** The table of a `dataset.volume`. */
  readonly table?: string;
  /** Cores that it may use; all if absent. */
  readonly cores?: number;
  /** What the API says of the report: `stored`, and the pod has nothing to do. */
  readonly report?: "missing" | "stored";
}

export interface PodLife extends Used {
  /** Of the model as it was uploaded. */
  readonly digest: string;
}

/** Lives until its end. @throws when that is not a good one */
export async function livePod(directory: string, task: PodTask): Promise<PodLife> {
  const files = mkdtempSync(path.join(directory, "pod-"));
  const at = (name: string): string => path.join(files, name);
  writeFileSync(
    at("config"),
    JSON.stringify(
      podConfigSchema.parse({ seed: 0, maxModelBytes: 2 ** 32, ...task.config, checkedBy: podConfigDigest }),
    ),
  );
  writeFileSync(at("token"), "token");
  await using api = await sink(task);
  const environment = {
    [env.apiUrl]: api.url,
    [env.namespace]: "default",
    [env.name]: "bench",
    [env.attempt]: "1",
    [env.shard]: "0",
    [env.shards]: "1",
    [env.config]: at("config"),
    [env.token]: at("token"),
    [env.terminationLog]: at("ended"),
    ...(task.table === undefined ? {} : { [env.dataset]: task.table }),
  };
  const bound = task.cores === undefined ? [] : ["taskset", "--cpu-list", `0-${task.cores - 1}`];
  const used = await runTimed([...bound, process.execPath, ...flags(), await compiled(directory)], environment);
  if (used.exitCode !== 0)
    throw new Error(`the trainer ended with ${used.exitCode}: ${readFileSync(at("ended"), "utf8")}`);
  return { ...used, digest: api.digest() };
}

/** What its image gives Node.js. */
const flags = (): string[] => {
  const dockerfile = readFileSync(path.resolve(import.meta.dirname, "../../../Dockerfile.trainer"), "utf8");
  const [, ...args] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? "[]") as string[];
  return args.filter((arg) => arg.startsWith("--"));
};

/** The trainer as images have it, bundled once in a directory. */
async function compiled(directory: string): Promise<string> {
  const file = path.join(directory, "app/trainer.mjs");
  if (!existsSync(file)) await bundle(path.dirname(file), ["trainer"]);
  return file;
}

async function sink({
  report,
}: PodTask): Promise<AsyncDisposable & { readonly url: string; readonly digest: () => string }> {
  const hash = createHash("sha256");
  const server = createServer();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://host");
    let length = Number(url.searchParams.get("offset"));
    for await (const bytes of request) {
      length += (bytes as Buffer).length;
      if (url.pathname.includes("/streams/model/")) hash.update(bytes as Buffer);
    }
    response.setHeader(headers.streamLength, 0);
    response.setHeader(headers.streamDone, String(report === "stored"));
    response.end(request.method === "PUT" ? JSON.stringify({ length, open: [] } satisfies ChunkAnswer) : "");
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    digest: () => hash.copy().digest("hex"),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
