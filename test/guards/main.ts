/**
 * Removes each guard in turn, in a copy of the tree, and runs the test that must then fail: a test that stays green
 * without the thing it tests proves nothing, and neither does one that was red before. `npm run test:guards [-- kube]`:
 * the name of a table here means that table, other words are sought in the guards' names.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Guard } from "./guard.ts";

const root = path.resolve(import.meta.dirname, "../..");
const filter = process.argv[2] ?? "";

/** The tables here (those of a folder of the tree may be several: `local` is `local-node` and `local-apiserver`). */
const tables = readdirSync(import.meta.dirname)
  .filter((file) => !["guard.ts", "main.ts", "guards.test.ts"].includes(file))
  .map((file) => path.basename(file, ".ts"));

async function chosen(): Promise<Guard[]> {
  const named = tables.filter((table) => table === filter || table.startsWith(`${filter}-`));
  const guards = await Promise.all((named.length > 0 ? named : tables).map(guardsOf));
  return guards.flat().filter((guard) => named.length > 0 || guard.name.includes(filter));
}

async function guardsOf(table: string): Promise<Guard[]> {
  return ((await import(path.join(import.meta.dirname, `${table}.ts`))) as { guards: Guard[] }).guards;
}

/** A copy of what git knows or would know, sharing node_modules. */
function copyTree(): string {
  const copy = mkdtempSync(path.join(tmpdir(), "traintask-guards-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of files.split("\n").filter(Boolean)) cpSync(path.join(root, file), path.join(copy, file));
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  execFileSync("git", ["init", "-q"], { cwd: copy });
  return copy;
}

function outcomeOf(copy: string, test: string): "green" | "red" | "skipped" {
  // timeout(1) ends all processes of a test that hangs without its guard, where Node.js would end the first one alone.
  const limited = ["--signal=KILL", "300", "npx", "vitest", "run", test, "--bail=1"];
  const environment = { ...process.env, NO_COLOR: "1" };
  const { status, stdout } = spawnSync("timeout", limited, { cwd: copy, encoding: "utf8", env: environment });
  if (status !== 0) return "red";
  return /^ *Tests .*passed/m.test(stdout) ? "green" : "skipped";
}

type Verdict =
  | "proven"
  | "the test stays green without it"
  | "its text is not there exactly once"
  | "the test is red with it"
  | "the test is skipped here, and says in its name what it needs";

/** @param green tests known to pass on the whole tree; one that passes is added */
function prove(copy: string, guard: Guard, green: Set<string>): Verdict {
  const file = path.join(copy, guard.file);
  const source = readFileSync(file, "utf8");
  if (source.split(guard.find).length !== 2) return "its text is not there exactly once";
  if (!green.has(guard.test)) {
    const before = outcomeOf(copy, guard.test);
    if (before === "red") return "the test is red with it";
    if (before === "skipped") return "the test is skipped here, and says in its name what it needs";
  }
  green.add(guard.test);
  writeFileSync(
    file,
    source.replace(guard.find, () => guard.replace),
  );
  const after = outcomeOf(copy, guard.test);
  writeFileSync(file, source);
  return after === "red" ? "proven" : "the test stays green without it";
}

const guards = await chosen();
if (guards.length === 0) throw new Error(`no table and no guard is named ${filter}; the tables: ${tables.join(", ")}`);
const copy = copyTree();
const green = new Set<string>();
let failed = 0;
try {
  for (const guard of guards) {
    const verdict = prove(copy, guard, green);
    if (verdict !== "proven") failed += 1;
    console.log(
      `${verdict === "proven" ? "ok  " : "FAIL"} ${guard.file}: ${guard.name}${verdict === "proven" ? "" : `: ${verdict}`}`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${guards.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
