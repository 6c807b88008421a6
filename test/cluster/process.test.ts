import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";

const cache = vi.hoisted(() => {
  const before = process.env["XDG_CACHE_HOME"];
  process.env["XDG_CACHE_HOME"] = `${process.env["TMPDIR"] ?? "/tmp"}/traintask-process-${process.pid}`;
  return { before, folder: process.env["XDG_CACHE_HOME"] };
});
vi.mock(import("./network.ts"), async (original) => ({ ...(await original()), inNetwork: (line) => [...line] }));

const { layout } = await import("./layout.ts");
const { claimCluster, recordedNames, runs, start, stop, untilReady } = await import("./process.ts");

const { signal } = new AbortController();
const record = join(layout.records, "sleeper");
const pidOf = (name = "sleeper"): number =>
  (JSON.parse(readFileSync(join(layout.records, name), "utf8")) as { pid: number }).pid;
/** State of a process and, three fields on, its session. */
const stat = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
const noPython = spawnSync("python3", ["--version"]).status !== 0;
/** Its parent, this test, may not have taken notice of its end yet. */
const lives = (pid: number): boolean => existsSync(`/proc/${pid}`) && stat(pid)[0] !== "Z";

afterEach(async () => {
  for (const name of recordedNames()) await stop(name);
  rmSync(cache.folder, { recursive: true, force: true });
});

describe("the cluster", () => {
  it("is for one program at a time, and free when that has ended", async () => {
    start("sleeper", ["sleep", "600"]);
    writeFileSync(layout.claim, readFileSync(record, "utf8"));
    expect(claimCluster).toThrow(`process ${pidOf()} is at work`);
    await stop("sleeper");
    claimCluster();
    claimCluster();
  });
});

describe("a process of the cluster", () => {
  it("is recorded as soon as it is started, and runs on its own", () => {
    start("sleeper", ["sleep", "600"]);
    expect(recordedNames()).toEqual(["sleeper"]);
    expect(runs("sleeper")).toBe(true);
    expect(stat(pidOf())[3]).toBe(String(pidOf()));
  });

  it("is gone when stop returns, and forgotten", async () => {
    start("sleeper", ["sleep", "600"]);
    const pid = pidOf();
    await stop("sleeper");
    expect(lives(pid)).toBe(false);
    expect(recordedNames()).toEqual([]);
  });

  it.skipIf(noPython)(
    "is not gone before its last thread is, which may hold a port still (needs python3)",
    async () => {
      const file = join(mkdtempSync(join(tmpdir(), "traintask-thread-")), "ready");
      const rest = `import time; time.sleep(0.1); open(${JSON.stringify(file)}, "w"); time.sleep(600)`;
      const first = `import ctypes, platform; ctypes.CDLL(None).syscall(93 if platform.machine() == "aarch64" else 60, 0)`;
      start("sleeper", [
        "python3",
        "-c",
        `import threading; threading.Thread(target=exec, args=(${JSON.stringify(rest)}, {})).start(); ${first}`,
      ]);
      await untilReady("sleeper", () => Promise.resolve(existsSync(file)), { signal });
      const pid = pidOf();
      await vi.waitUntil(() => stat(pid)[0] === "Z");
      expect(runs("sleeper")).toBe(true);
      await stop("sleeper");
      expect(existsSync(`/proc/${pid}/task/${pid}`) && readdirSync(`/proc/${pid}/task`).length > 1).toBe(false);
    },
  );

  it("is killed when it does not end by itself", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "traintask-stubborn-")), "ready");
    start("sleeper", ["sh", "-c", `trap '' TERM; touch ${file}; while :; do sleep 0.1; done`]);
    await untilReady("sleeper", () => Promise.resolve(existsSync(file)), { signal });
    const pid = pidOf();
    await stop("sleeper", 200);
    expect(lives(pid)).toBe(false);
  });

  it("is not mistaken for another one that has its pid now", async () => {
    start("bystander", ["sleep", "600"]);
    writeFileSync(record, JSON.stringify({ pid: pidOf("bystander"), startedAt: "1" }));
    expect(runs("sleeper")).toBe(false);
    await stop("sleeper");
    expect(runs("bystander")).toBe(true);
  });

  it("that ends before it is ready says why, by the end of its log", async () => {
    start("sleeper", ["sh", "-c", "echo no such flag >&2; exit 1"]);
    const never = (): Promise<boolean> => Promise.resolve(false);
    await expect(untilReady("sleeper", never, { signal })).rejects.toThrow(/sleeper has ended:\nno such flag/);
  });

  it("is waited for no longer than the caller wishes to wait", async () => {
    start("sleeper", ["sleep", "600"]);
    const stopping = new AbortController();
    const never = (): Promise<boolean> => Promise.resolve(stopping.abort(new Error("enough"))).then(() => false);
    await expect(untilReady("sleeper", never, { signal: stopping.signal })).rejects.toThrow("enough");
  });
});
