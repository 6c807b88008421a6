/** What only real processes can show of `npm start`: two of them in each other's way, and signals. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fromSource } from "../scripts/from-source.ts";
import {
  freshDataDir,
  endlessForest,
  slowForest,
  startSystem,
  submit,
  type System,
  taskIn,
  until,
} from "../test/scenarios/system.ts";

let system: System | undefined;
const folders: string[] = [];
afterEach(async () => {
  await system?.stop();
  system = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function freshFolder(): string {
  const folder = freshDataDir();
  folders.push(folder);
  return folder;
}

/** Starts the program where it cannot start; answers how it ended, by itself or because it had to be killed. */
async function failedStart(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [...fromSource("local/main.ts"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

/** Hears no SIGTERM, so that the program has to wait for it; and ends by itself when nobody is left to end it. */
const stubborn = `
apiVersion: traintask.dev/v1alpha1
kind: TrainTask
metadata: {name: stubborn}
spec:
  trainer: {container: {image: any, command: [sh, -c, "trap '' TERM; echo deaf; sleep 30"]}}
`;

describe("npm start", () => {
  it("tells a second start on the same folder who has it, and one on the same port that it is taken", async () => {
    system = await startSystem();
    const { port } = new URL(system.url);
    const { dataDir, process: first } = system;
    expect(await failedStart(["--port", port, "--data-dir", dataDir])).toEqual({
      code: 1,
      said: `Another TrainTask (process ${first.pid}) is running on ${dataDir}. Stop it, or take another folder with --data-dir.\n`,
    });
    expect(await failedStart(["--port", port, "--data-dir", freshFolder()])).toEqual({
      code: 1,
      said: `Port ${port} cannot be opened: another program uses it. Take another with --port (0 takes a free one).\n`,
    });
    await submit(system, slowForest("undisturbed", { trees: 5, rows: 200 }));
    expect((await taskIn(system, "undisturbed", { states: ["Succeeded"] })).status.state).toBe("Succeeded");
  });

  it("judges the file of --add-task before it makes anything", async () => {
    const dataDir = path.join(freshFolder(), "state");
    const { code, said } = await failedStart(["--data-dir", dataDir, "--add-task", "nope.yaml"]);
    expect({ code, lines: said.split("\n").length - 1 }).toEqual({ code: 64, lines: 1 });
    expect(said).toContain("--add-task nope.yaml cannot be used: ENOENT");
    expect(existsSync(dataDir)).toBe(false);
  });

  it("says which task files it cannot submit, and goes on serving", async () => {
    system = await startSystem({ args: ["nope.yaml", "README.md"] });
    const started = system;
    const said = (): string => started.output();
    await until("both files are named", () => /README\.md was refused: .+\n/.exec(said())?.[0]);
    expect(said()).toMatch(/nope\.yaml: ENOENT: no such file or directory/);
    expect((await fetch(`${system.url}/healthz`)).status).toBe(200);
  });

  it("ends at SIGTERM with two tasks under way, and goes on with them from what they had saved", async () => {
    const dataDir = freshFolder();
    system = await startSystem({ dataDir, args: ["--max-running", "2"] });
    const names = ["one", "two"];
    for (const name of names) await submit(system, endlessForest(name));
    const treesOf = async (name: string): Promise<number | undefined> => {
      const { status } = await taskIn(system as System, name, { states: ["Running"] });
      const trees = status.trainerStatus?.metrics?.find((metric) => metric.name === "trees");
      return Number(trees?.value) > 0 ? Number(trees?.value) : undefined;
    };
    const reached: number[] = [];
    for (const name of names) reached.push((await until(`${name} has come some way`, () => treesOf(name))) ?? 0);
    expect(await system.stop()).toBe(0);
    system = await startSystem({ dataDir });
    for (const [index, name] of names.entries()) {
      expect(await treesOf(name)).toBeGreaterThanOrEqual(reached[index] ?? Infinity);
    }
  });

  it("ends at once at a second SIGINT", async () => {
    const file = path.join(freshFolder(), "stubborn.yaml");
    writeFileSync(file, stubborn);
    system = await startSystem({ args: [file, "--allow-host-commands"] });
    const started = system;
    // A container is ready before its first command has run.
    await until("it has set its trap", async () =>
      (await (await fetch(`${started.url}/v1/tasks/stubborn/logs`)).text()).includes("deaf") ? true : undefined,
    );
    const program = started.process;
    const ended = once(program, "exit");
    program.kill("SIGINT");
    await until("it says that it stops", () => (started.output().includes("Stopping:") ? true : undefined));
    program.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
  });
});
