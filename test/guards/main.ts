/**
 * Removes each guard in turn, in a copy of the tree, and runs the test that must then fail: a test that stays green
 * without the thing it tests proves nothing. `npm run test:guards [-- kube]`, or with a part of a guard's name.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Guard } from "./guard.ts";

const root = path.resolve(import.meta.dirname, "../..");
const filter = process.argv[2] ?? "";

async function guardsOf(file: string): Promise<Guard[]> {
  const table = (await import(path.join(import.meta.dirname, file))) as { guards: Guard[] };
  const folder = file.replace(/\.ts$/, "");
  return table.guards.filter((guard) => folder === filter || `${folder}: ${guard.name}`.includes(filter));
}

/** A copy of what git knows or would know, sharing node_modules. */
function copyTree(): string {
  const copy = mkdtempSync(path.join(tmpdir(), "traintask-guards-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const file of files.split("\n").filter(Boolean)) cpSync(path.join(root, file), path.join(copy, file));
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  execFileSync("git", ["init", "-q"], { cwd: copy });
  return copy;
}

type Verdict = "proven" | "the test stays green without it" | "its text is not there exactly once";

function prove(copy: string, guard: Guard): Verdict {
  const file = path.join(copy, guard.file);
  const source = readFileSync(file, "utf8");
  if (source.split(guard.find).length !== 2) return "its text is not there exactly once";
  writeFileSync(file, source.replace(guard.find, () => guard.replace));
  const run = spawnSync("npx", ["vitest", "run", guard.test, "--bail=1"], { cwd: copy, encoding: "utf8", timeout: 300_000 });
  writeFileSync(file, source);
  return run.status === 0 ? "the test stays green without it" : "proven";
}

const tables = readdirSync(import.meta.dirname).filter((file) => !["guard.ts", "main.ts"].includes(file));
const guards = (await Promise.all(tables.map(guardsOf))).flat();
const copy = copyTree();
let failed = 0;
try {
  for (const guard of guards) {
    const verdict = prove(copy, guard);
    if (verdict !== "proven") failed += 1;
    console.log(`${verdict === "proven" ? "ok  " : "FAIL"} ${guard.file}: ${guard.name}${verdict === "proven" ? "" : `: ${verdict}`}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${guards.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
