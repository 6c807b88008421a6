/** What an attack does to the API: how much its memory grows, and how long an honest client waits beside it. */
import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type ApiProcess } from "./api-process.ts";
import type { Tally } from "./attacker.ts";
import type { Experience } from "./honest-client.ts";

export interface Harm {
  readonly before: Experience;
  readonly during: Experience;
  /** Peak of the memory during the attack above that before it. */
  readonly grownMiB: number;
  readonly attack: Tally;
}

/** Milliseconds that an attack has to build up before anybody measures. */
const buildUpMs = 500;

export async function harmOf(api: ApiProcess, attack: string, ms: number): Promise<Harm> {
  api.resetPeak();
  const before = await honest(api, ms);
  const peakBefore = api.peakMiB();
  api.resetPeak();
  const attacker = run("attacker.ts", api, attack);
  setPriority(attacker.pid!, 0);
  const during = await honest(api, ms, buildUpMs);
  const grownMiB = api.peakMiB() - peakBefore;
  attacker.stdin.end();
  return { before, during, grownMiB, attack: JSON.parse(await text(attacker.stdout)) as Tally };
}

/** What an honest client meets for so long, beginning so many milliseconds after it has started. */
export async function honest(api: ApiProcess, ms: number, afterMs = 0): Promise<Experience> {
  return JSON.parse(await text(run("honest-client.ts", api, String(ms), String(afterMs)).stdout)) as Experience;
}

function run(script: string, { port, token }: ApiProcess, ...rest: string[]) {
  const args = [path.join(import.meta.dirname, script), String(port), token, ...rest];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}
