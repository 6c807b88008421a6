/** The trainer as a process, as a pod runs it: environment and files in; streams, last word and exit code out. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { env, exitCode } from "../traintask/contract.ts";
import { podConfigSchema } from "../traintask/pod-config.ts";
import { terminationSchema } from "../traintask/progress.ts";
import { sha256 } from "./scripted-api.ts";
import { type ScriptedPod, startPod } from "./scripted-pod.ts";
import { type ScriptedServer, scriptedServer } from "./scripted-server.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let directory: string;
let server: ScriptedServer;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "traintask-trainer-"));
  server = await scriptedServer();
  writeFileSync(path.join(directory, "token"), "token-1");
  writeFileSync(path.join(directory, "ca.crt"), "");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

function config(randomForest: object, dataset: object = {}, maxModelBytes = 1 << 30): object {
  return podConfigSchema.parse({
    trainer: { randomForest },
    seed: 4,
    maxModelBytes,
    dataset: { synthetic: { kind: "friedman1", rows: 300, columns: 6 }, testFraction: "0.2", ...dataset },
  });
}

function pod(podConfig: unknown, environment: Record<string, string | undefined> = {}): ScriptedPod {
  const started = startPod({ directory, url: server.url, config: podConfig, environment });
  children.push(started.child);
  return started;
}

const lastWord = () => terminationSchema.parse(JSON.parse(readFileSync(path.join(directory, "termination"), "utf8")));
const trees = (): number => server.api.text("model").split("\n").length - 2;
async function until(condition: () => boolean): Promise<void> {
  const begin = performance.now();
  while (!condition()) {
    if (performance.now() - begin > 100_000) throw new Error(`never: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const numbers = (rows: number): object => ({ synthetic: { kind: "friedman1", rows, columns: 10 } });
/** A forest whose end no test sees: it is for those that break in before. */
const endless = () => config({ nEstimators: 100_000, maxDepth: 5 }, numbers(10_000), Number.MAX_SAFE_INTEGER);
const longTrees = 40;
/** Almost two MiB: more than there is in the first chunks, however quick the machine. */
const long = () => config({ nEstimators: longTrees }, numbers(3000));

/** Calls `act` once there are trees in the store, before the trainer hears of it: they are a MiB at most. */
function withFirstTrees(act: () => void): void {
  let acted = false;
  server.api.script = (moment, { stream }) => {
    if (acted || moment === "before" || stream !== "model" || trees() < 1) return;
    acted = true;
    act();
  };
}

describe("the trainer as a process", () => {
  test("stores model, report and log, leaves its last word and exits 0", async () => {
    const { ended, output } = pod(config({ nEstimators: 20 }));
    expect(await ended, output()).toEqual({ code: 0, signal: null });
    expect(trees()).toBe(20);
    for (const stream of ["model", "report", "log"] as const) expect(server.api.part(stream).done).toBe(true);
    expect(JSON.parse(server.api.text("report"))).toMatchObject({ trees: { grown: 20, asked: 20 } });
    expect(server.api.text("log")).toBe(output());
    expect(server.api.text("log")).toMatch(
      /^\S+ Attempt 1 of default\/task: reading synthetic data \(friedman1\)\.\n.*Growing 20 trees .*stored\.\n$/s,
    );
    expect(lastWord()).toMatchObject({
      trainerStatus: { progressPercentage: 100 },
      score: expect.stringMatching(/^R2 -?\d\.\d\d$/),
    });
    expect(server.api.progress.at(-1)).toMatchObject({ trainerStatus: { progressPercentage: 100 } });
  });

  test("killed in the middle and started again, it ends in the same bytes and grows no stored tree again", async () => {
    await pod(long()).ended;
    const undisturbed = server;
    server = await scriptedServer();
    const first = pod(long());
    withFirstTrees(() => first.child.kill("SIGKILL"));
    expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
    const stored = trees();
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(longTrees);
    server.api.part("log").chunks = []; // Each attempt has a log of its own.
    const second = pod(long(), { [env.attempt]: "2" });
    expect(await second.ended, second.output()).toEqual({ code: 0, signal: null });
    expect(second.output()).toContain(`Going on after ${stored} trees of an earlier attempt.`);
    expect(sha256(server.api.bytes("model"))).toBe(sha256(undisturbed.api.bytes("model")));
    expect(server.api.text("report")).toBe(undisturbed.api.text("report"));
    await undisturbed[Symbol.asyncDispose]();
  });

  test("asked to stop, it stores what is grown, completes its log and exits 143", async () => {
    const { child, ended, output } = pod(endless());
    await until(() => trees() > 10);
    const before = trees();
    child.kill("SIGTERM");
    expect(await ended, output()).toEqual({ code: exitCode.stoppedByRequest, signal: null });
    expect(trees()).toBeGreaterThanOrEqual(before);
    expect(server.api.part("model").done).toBe(false);
    expect(server.api.part("log").done).toBe(true);
    expect(server.api.text("log")).toMatch(/Asked to stop.*\n.*Stopped; what was grown is stored\.\n$/s);
    expect(lastWord().failure).toBeUndefined();
    const told = lastWord().trainerStatus?.metrics?.find(({ name }) => name === "trees");
    expect(Number(told?.value)).toBeGreaterThan(10);
  });

  test("ends at once when it is asked a second time", async () => {
    const { child, ended, output } = pod(endless());
    await until(() => trees() > 10);
    await server.down();
    child.kill("SIGTERM");
    // Two signals at once would be one: the second comes when the first is heard.
    await until(() => output().includes("Asked to stop"));
    expect(child.exitCode).toBeNull();
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: exitCode.stoppedByRequest, signal: null });
  });

  test("ends when the program that started it does", async () => {
    const { child, ended } = pod(endless(), { [env.parentPipe]: "stdin" });
    await until(() => trees() > 10);
    child.stdin?.end();
    expect(await ended).toEqual({ code: exitCode.stoppedByRequest, signal: null });
  });

  test("goes on while the API is away, and stores everything when it is back", async () => {
    const { ended, output } = pod(long());
    withFirstTrees(() => void server.down());
    await until(() => /cannot be reached: .* Trying again\./.test(output()));
    await server.up();
    expect(await ended, output()).toEqual({ code: 0, signal: null });
    expect(trees()).toBe(longTrees);
  });

  test("reads its token anew", async () => {
    const { ended } = pod(config({ nEstimators: 20 }));
    withFirstTrees(() => writeFileSync(path.join(directory, "token"), "token-2"));
    await ended;
    expect(new Set(server.authorizations)).toEqual(new Set(["Bearer token-1", "Bearer token-2"]));
    expect(server.authorizations.at(-1)).toBe("Bearer token-2");
  });
});

describe("runs that cannot end well", () => {
  test("bad data: 65, with row and column", async () => {
    const csv = "x,y\n1,1\n2,inf\n";
    const { ended, output } = pod(config({ nEstimators: 20 }, { synthetic: undefined, csv, target: "y" }));
    expect(await ended, output()).toEqual({ code: exitCode.badData, signal: null });
    expect(lastWord().failure).toEqual({
      class: "BadData",
      message: expect.stringMatching(/^row 2 \(line 3\), column "y": "inf" is an infinite number/),
    });
    expect(server.api.text("log")).toContain('BadData: row 2 (line 3), column "y"');
    expect(server.api.part("log").done).toBe(true);
  });

  test("a model that is too large: 64, with advice", async () => {
    const { ended } = pod(config({ nEstimators: 1000, maxDepth: 5 }, {}, 20_000));
    expect(await ended).toEqual({ code: exitCode.badConfiguration, signal: null });
    expect(lastWord().failure).toMatchObject({ class: "ModelTooLarge", advice: expect.stringMatching(/maxDepth/) });
  });

  const configurations: Record<string, { config: unknown; env?: Record<string, string | undefined>; message: RegExp }> =
    {
      "a configuration of another shape": { config: { trainer: {} }, message: /config\.json: dataset: / },
      "a trainer that this one is not": {
        config: { ...config({}), trainer: { container: { image: "x" } } },
        message: /container: this/,
      },
      "a missing variable": {
        config: config({}),
        env: { [env.apiUrl]: undefined },
        message: /TRAINTASK_API_URL is not set/,
      },
    };
  test.each(Object.entries(configurations))(
    "%s: 64, with a sentence",
    async (_, { config: given, env: set, message }) => {
      const { ended, output } = pod(given, set);
      expect(await ended, output()).toEqual({ code: exitCode.badConfiguration, signal: null });
      expect(lastWord().failure?.class).toBe("BadConfiguration");
      expect(lastWord().failure?.message).toMatch(message);
      expect(output()).toMatch(message);
    },
  );
});
