/** Tables of guards grow stale where nobody looks: what a guard would remove must be there, and so must its test. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Guard } from "./guard.ts";

const root = path.resolve(import.meta.dirname, "../..");
const tables = readdirSync(import.meta.dirname).filter(
  (file) => !["guard.ts", "main.ts", "guards.test.ts"].includes(file),
);

test.each(tables)("every guard of %s names code that is there once, and a test that exists", async (table) => {
  const { guards } = (await import(path.join(import.meta.dirname, table))) as { guards: Guard[] };
  const stale = guards.filter(({ file, find, test: proof }) => {
    const times = existsSync(path.join(root, file))
      ? readFileSync(path.join(root, file), "utf8").split(find).length - 1
      : 0;
    return times !== 1 || !existsSync(path.join(root, proof));
  });
  expect(stale.map(({ name, file }) => `${name} (${file})`)).toEqual([]);
});
