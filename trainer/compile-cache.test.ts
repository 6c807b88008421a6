import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";

const module = path.join(import.meta.dirname, "compile-cache.ts");
/** What a process says that keeps what it compiles there, or nowhere. */
function saidBy(cache: { NODE_COMPILE_CACHE?: string }): unknown {
  const script = `import { compileCache } from ${JSON.stringify(module)}; console.log(JSON.stringify(compileCache()));`;
  const args = ["--input-type=module-typescript", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { env: cache, encoding: "utf8" }));
}

describe("a process that is to know nothing else of the environment", () => {
  test("is told where its parent keeps what it has compiled", () => {
    const cache = { NODE_COMPILE_CACHE: path.join(import.meta.dirname, "..", "node_modules", ".cache", "compiled") };
    expect(saidBy(cache)).toEqual(cache);
  });

  test("is told nothing where its parent keeps nothing", () => {
    expect(saidBy({})).toEqual({});
  });
});
