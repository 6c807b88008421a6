/**
 * Somebody who uses the API as it is meant to be, as a process of its own: lists, counts, looks at a task, half of the
 * calls over a connection of their own. Arguments: port, token, for how many milliseconds, after how many. Prints one
 * line of JSON.
 */
import { Agent, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export interface Experience {
  readonly calls: number;
  /** Calls that were not answered, or not with 2xx. */
  readonly failed: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

const [port, token] = [Number(process.argv[2]), process.argv[3] ?? ""];
const [ms, afterMs] = [Number(process.argv[4]), Number(process.argv[5])];
const kept = new Agent({ keepAlive: true });
const workers = 3;
const pauseMs = 4;

const paths = ["/v1/counts", "/v1/tasks/iris", "/v1/tasks?limit=5"];

function get(where: string, agent: Agent | false): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { authorization: `Bearer ${token}` };
  const request = httpRequest({ host: "127.0.0.1", port, path: where, agent, headers, timeout: 30_000 }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode ?? 0));
  });
  request.on("error", reject).on("timeout", () => request.destroy(new Error("no answer within 30 s")));
  request.end();
  return promise;
}

const times: number[] = [];
let failed = 0;
await sleep(afterMs);
const end = performance.now() + ms;
async function use(offset: number): Promise<void> {
  for (let i = offset; performance.now() < end; i++) {
    const began = performance.now();
    const status = await get(paths[i % paths.length]!, i % 2 === 0 ? kept : false).catch(() => 0);
    if (status < 200 || status > 299) failed += 1;
    times.push(performance.now() - began);
    await sleep(pauseMs);
  }
}
await Promise.all(Array.from({ length: workers }, (_, offset) => use(offset)));
times.sort((a, b) => a - b);
const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
const experience: Experience = { calls: times.length, failed, medianMs: at(0.5), p99Ms: at(0.99) };
console.log(JSON.stringify(experience));
process.exit(0);
