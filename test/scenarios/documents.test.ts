/**
 * Runs every command of the README and of the examples, in their order, as a reader would type them. Docs that cannot
 * be followed are red.
 */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { parcels } from "../../examples/07-big-csv/make-csv.ts";
import { root, startSystem, type System, taskIn } from "./system.ts";

const run = promisify(execFile);
const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const kubectlIsHere = has("kubectl");
const fewRows = 1000;

/** The commands of a page: lines of its `sh` blocks, continued lines joined, comments left out. */
function commandsOf(page: string): string[] {
  const blocks = [...readFileSync(path.join(root, page), "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, text]) => text ?? "",
  );
  return blocks
    .flatMap((block) => block.replace(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.replace(/\s{2,}#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const taskName = (file: string): string =>
  /^ {2}name: (\S+)$/m.exec(readFileSync(path.join(root, file), "utf8"))?.[1] ?? "";

interface Reader {
  readonly system: System;
  /** Where files that the commands write are kept. */
  readonly folder: string;
}

/** As typed, but on this system's addresses and in this reader's folder, and with a thousandth of a million rows. */
function typed(command: string, { system, folder }: Reader): string {
  return command
    .replace("make-csv.ts 1000000", `make-csv.ts ${fewRows}`)
    .replace("examples/07-big-csv/task.yaml", path.join(folder, "few-rows.yaml"))
    .replaceAll("localhost:5000", new URL(system.url).host)
    .replaceAll(".traintask/kubeconfig", system.kubeconfig)
    .replaceAll(/\b(model\.jsonl|rows\.csv|rows\.json)\b/g, (file) => path.join(folder, file))
    .replace(/^curl /, "curl --fail-with-body --silent --show-error ");
}

/** A reader looks at the task before asking for what it leaves behind. */
async function waitForModel(command: string, { system }: Reader): Promise<void> {
  const asked = /\/v1\/tasks\/([-a-z0-9]+)\/(?:model|report|predict|logs)/.exec(command)?.[1];
  if (asked !== undefined) await taskIn(system, asked, { states: ["Succeeded"], withinMs: 120_000 });
}

/** The task of the big table, on as much of it as these tests take. */
function taskOnFewRows(): string {
  const digest = createHash("sha256");
  for (const text of parcels(fewRows)) digest.update(text);
  const task = readFileSync(path.join(root, "examples/07-big-csv/task.yaml"), "utf8");
  return task.replace(/sha256:[0-9a-f]{64}/, `sha256:${digest.digest("hex")}`);
}

const withoutTarget = "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6\n59,2,32.1,101,157,93.2,38,4,4.8598,87\n";

/** The program, by the options that pages start it with: most have none, and share one. */
const systems = new Map<string, Promise<System>>();
function systemWith(options: readonly string[]): Promise<System> {
  const key = options.join(" ");
  const system = systems.get(key) ?? startSystem({ args: options });
  systems.set(key, system);
  return system;
}
afterAll(async () => {
  for (const system of systems.values()) await (await system).stop();
});

let reader: Reader | undefined;
afterEach(async () => {
  if (reader === undefined) return;
  rmSync(reader.folder, { recursive: true, force: true });
  await deleteTasks(reader.system);
  reader = undefined;
});

/** Another page may use the same names. */
async function deleteTasks({ url }: System): Promise<void> {
  const { items } = (await (await fetch(`${url}/v1/tasks`)).json()) as { items: { metadata: { name: string } }[] };
  for (const { metadata } of items)
    expect((await fetch(`${url}/v1/tasks/${metadata.name}`, { method: "DELETE" })).ok).toBe(true);
}

async function follow(page: string): Promise<Record<string, string>> {
  const commands = commandsOf(page);
  expect(commands.length).toBeGreaterThan(1);
  const options = /npm start -- (--\S+ \S+)/.exec(commands.join("\n"))?.[1]?.split(" ") ?? [];
  const folder = mkdtempSync(path.join(tmpdir(), "traintask-docs-"));
  reader = { system: await systemWith(options), folder };
  writeFileSync(path.join(folder, "rows.csv"), withoutTarget);
  writeFileSync(path.join(folder, "few-rows.yaml"), taskOnFewRows());
  const answers: Record<string, string> = {};
  for (const command of commands) {
    // The program is running already; `npm ci` is what brought this test here; `--watch` would go on for ever.
    if (/^npm (ci|start)/.test(command) || command.includes("--watch")) continue;
    if (command.startsWith("export KUBECONFIG=") || (command.startsWith("kubectl") && !kubectlIsHere)) continue;
    await waitForModel(command, reader);
    const environment = { ...process.env, KUBECONFIG: reader.system.kubeconfig };
    const { stdout, stderr } = await run("bash", ["-ec", typed(command, reader)], {
      cwd: root,
      env: environment,
      timeout: 120_000,
    });
    answers[command] = stdout + stderr;
  }
  return answers;
}

describe("the documents", () => {
  it("README.md: every command works", { timeout: 300_000 }, async () => {
    await follow("README.md");
  });

  // An example that builds an image runs on a real node: test/release/container-examples.cluster.test.ts.
  const needsImage = (example: string): boolean => existsSync(path.join(root, "examples", example, "Dockerfile"));
  for (const example of readdirSync(path.join(root, "examples")).filter(needsImage)) {
    it(`examples/${example}/README.md has no command that would need no cluster`, () => {
      expect(commandsOf(`examples/${example}/README.md`)).toEqual([]);
    });
  }

  for (const example of readdirSync(path.join(root, "examples")).filter((one) => !needsImage(one))) {
    const page = `examples/${example}/README.md`;
    it(`${page}: every command works`, { timeout: 300_000 }, async () => {
      const answers = await follow(page);
      if (example === "03-flask-calls") {
        expect(answers["curl localhost:5000/AddTask"]).toBe("Success");
        expect(answers["curl localhost:5000/RunningTaskCount"]).toMatch(/^We have [01] running tasks\.$/);
      } else if (example === "09-read-model-in-python") {
        const predicted = Object.entries(answers).find(([command]) => command.startsWith("python3"))?.[1] ?? "[]";
        expect(JSON.parse(predicted)).toEqual([
          expect.toSatisfy((shares: number[]) => Math.abs(sum(shares) - 1) < 1e-9),
        ]);
      } else {
        const { status } = await taskIn(reader?.system ?? { url: "" }, taskName(`examples/${example}/task.yaml`), {
          states: ["Succeeded"],
        });
        const trained = Object.entries(answers).find(([command]) => command.startsWith("npm run train"))?.[1];
        expect(trained).toContain(status.model?.digest);
      }
    });
  }
});
