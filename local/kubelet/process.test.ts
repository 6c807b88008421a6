import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../kube/clock.ts";
import { endProcesses } from "./leftovers.ts";
import { tokenVariable } from "./pod-directory.ts";
import { isAlive, processesWith, residentBytes } from "./proc.ts";
import { type ContainerStart, processRuntime } from "./process.ts";

const runtime = processRuntime(systemClock);
const linux = process.platform === "linux";

async function run(script: string, overrides: Partial<ContainerStart> = {}) {
  const chunks: Uint8Array[] = [];
  const container = await runtime.start({
    argv: ["sh", "-c", script],
    env: { PATH: process.env["PATH"] ?? "" },
    workingDir: tmpdir(),
    parentPipe: false,
    output: (chunk) => chunks.push(chunk),
    ...overrides,
  });
  return { ...container, text: () => Buffer.concat(chunks).toString() };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not so in time: ${condition.toString()}`);
    await sleep(20);
  }
}

describe("a container is a child process", () => {
  test("whose output and exit code are known", async () => {
    const container = await run("echo out; echo err >&2; exit 7");
    expect(await container.exited).toBe(7);
    expect(
      container
        .text()
        .split("\n")
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["", "err", "out"]);
  });

  test("whose death by a signal is 128 and the signal's number", async () => {
    const container = await run("kill -9 $$");
    expect(await container.exited).toBe(137);
  });

  test("that sees no variable but its own", async () => {
    const container = await run("env", { env: { PATH: "/usr/bin:/bin", ONLY: "this" } });
    await container.exited;
    const names = container
      .text()
      .split("\n")
      .map((line) => line.split("=")[0]);
    // A shell sets the last three itself.
    expect(names.filter((name) => !["", "PWD", "_", "SHLVL", "OLDPWD"].includes(name ?? ""))).toEqual(
      expect.arrayContaining(["ONLY", "PATH"]) as unknown,
    );
    expect(names).not.toContain("HOME");
    expect(names.length).toBeLessThanOrEqual(7);
  });

  test("that cannot be started is an error that says why", async () => {
    await expect(run("", { argv: ["/no/such/program"] })).rejects.toThrow("ENOENT");
  });

  test("that alone is asked to end", async () => {
    const container = await run(
      "(trap 'echo child' TERM; while :; do sleep 0.05; done) & trap 'echo leader; exit 3' TERM; echo up; wait",
    );
    await until(() => container.text().includes("up"));
    container.signal("SIGTERM");
    expect(await container.exited).toBe(3);
    expect(container.text()).toBe("up\nleader\n");
  });

  test("that takes its descendants with it when it ends", async () => {
    const container = await run("sleep 600 & echo $!; exit 0");
    expect(await container.exited).toBe(0);
    const pid = Number(container.text());
    await until(() => !running(pid));
  });

  test("that is killed with its descendants", async () => {
    const container = await run("trap '' TERM; sleep 600 & echo $!; wait; wait; sleep 600");
    await until(() => container.text() !== "");
    container.signal("SIGKILL");
    expect(await container.exited).toBe(137);
    await until(() => !running(Number(container.text())));
  });

  test("whose standard input is empty, or stays open with this program", async () => {
    const empty = await run("cat; echo over");
    expect(await empty.exited).toBe(0);
    const open = await run("echo up; cat; echo over", { parentPipe: true });
    await until(() => open.text().includes("up"));
    await sleep(100);
    expect(open.text()).toBe("up\n");
    open.signal("SIGKILL");
    await open.exited;
  });

  test("whose end is not held up by one that fled and holds its output", async () => {
    const container = await run(`setsid sleep 5 & exit 0`);
    expect(await container.exited).toBe(0);
  });
});

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.runIf(linux)("under /proc (Linux only)", () => {
  test("memory is that of a process and its descendants", async () => {
    const container = await run("sleep 600 & sleep 600 & echo up; wait");
    await until(() => container.text() !== "");
    const pid = Number(container.id.replace("process://", ""));
    expect(container.memory() ?? 0).toBeGreaterThan(500_000);
    expect(residentBytes(pid)).toBeGreaterThan(500_000);
    container.signal("SIGKILL");
    await container.exited;
    expect(residentBytes(pid)).toBeUndefined();
  });

  test("processes left behind are found by their token alone, and ended with all that bear it", async () => {
    const token = `test-${process.pid}`;
    const env = { PATH: process.env["PATH"] ?? "", [tokenVariable]: token };
    const child = spawn("sh", ["-c", "setsid sleep 600 & exec sleep 600"], { env, detached: true, stdio: "ignore" });
    const other = spawn("sleep", ["600"], { env: { ...env, [tokenVariable]: `${token}0` }, stdio: "ignore" });
    await until(() => processesWith(`${tokenVariable}=${token}`).length === 2);
    const found = processesWith(`${tokenVariable}=${token}`);
    await endProcesses(token, systemClock);
    expect(found.filter(isAlive)).toEqual([]);
    expect(other.exitCode ?? other.signalCode).toBeNull();
    other.kill("SIGKILL");
    child.kill("SIGKILL");
  });

  test("a process is told from a later one with the same number", () => {
    expect(isAlive({ pid: process.pid, startTime: "1" })).toBe(false);
  });
});
