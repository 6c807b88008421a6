/**
 * CPU per call of the kube client against a bare, pooled node:https agent that does the least one can do: send, gather,
 * parse. Both talk to the same server (another process), in turns of some milliseconds, so that the machine's
 * other work burdens them alike.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { httpsTransport } from "../../kube/https-transport.ts";
import { jobs } from "../../kube/objects.ts";
import { restClient } from "../../kube/rest-client.ts";
import { selfSigned, type Certificate } from "../../kube/self-signed.ts";
import type { BenchRow } from "./row.ts";

const sockets = 4;
const measures = {
  "get an object": { path: "/apis/batch/v1/namespaces/default/jobs/job-1", calls: 200, rounds: 40 },
  "list 500 objects": { path: "/apis/batch/v1/jobs?limit=500", calls: 8, rounds: 30 },
};

/** Rows for get and list: CPU microseconds per call, with the number of connections in the note. */
export async function run(): Promise<BenchRow[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "traintask-bench-"));
  const certificate = selfSigned(directory);
  const { server, url } = await startServer(certificate);
  const ca = certificate === undefined ? undefined : readFileSync(certificate.cert, "utf8");
  const transport = httpsTransport({ baseUrl: url, maxSockets: sockets, ...(ca === undefined ? {} : { tls: { ca } }) });
  const client = restClient(transport);
  const bare = bareClient(url, ca);
  const ours = {
    "get an object": () => client.get(jobs, { namespace: "default", name: "job-1" }),
    "list 500 objects": () => client.list(jobs, { limit: 500 }),
  };
  const rows: BenchRow[] = [];
  let connections: number | undefined;
  try {
    for (const name of ["get an object", "list 500 objects"] as const) {
      const { calls, rounds } = measures[name];
      const reference = (): Promise<unknown> => bare.get(measures[name].path);
      await cpuOf(ours[name], calls);
      // Before the reference has any: the one more is that of the question.
      connections ??= ((await bare.get("/connections")) as { most: number }).most - 1;
      await cpuOf(reference, calls);
      const spent = { ours: 0, reference: 0 };
      for (let round = 0; round < rounds; round++) {
        spent.ours += await cpuOf(ours[name], calls);
        spent.reference += await cpuOf(reference, calls);
      }
      rows.push({
        name: `kube client: ${name} (${new URL(url).protocol.replace(":", "")})`,
        ours: spent.ours / (calls * rounds),
        reference: spent.reference / (calls * rounds),
        unit: "us CPU per call",
        ratio: spent.ours / spent.reference,
        goal: 1.5,
        note: `${connections} connections, ${sockets} configured`,
      });
    }
  } finally {
    await transport.close();
    bare.close();
    server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
  return rows;
}

async function startServer(certificate?: Certificate): Promise<{ server: ChildProcess; url: string }> {
  const script = path.join(import.meta.dirname, "kube-server.ts");
  const files = certificate === undefined ? [] : [certificate.key, certificate.cert];
  const server = spawn(process.execPath, [script, ...files], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  return { server, url: line.toString().trim() };
}

function bareClient(url: string, ca: string | undefined): { get(path: string): Promise<unknown>; close(): void } {
  const secure = url.startsWith("https:");
  const { hostname, port } = new URL(url);
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: sockets, ca })
    : new http.Agent({ keepAlive: true, maxSockets: sockets });
  return {
    get: (requestPath) =>
      new Promise((resolve, reject) => {
        const request = (secure ? https : http).request({ hostname, port, path: requestPath, agent }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as unknown));
          response.on("error", reject);
        });
        request.on("error", reject);
        request.end();
      }),
    close: () => agent.destroy(),
  };
}

/** Microseconds of CPU for so many calls, as many at a time as there are connections. */
async function cpuOf(call: () => Promise<unknown>, calls: number): Promise<number> {
  const before = process.cpuUsage();
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: sockets }, worker));
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
