import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";

/** They put something in a module's place, which no other file may see. */
const replacing = globSync("*/**/*.test.ts", { cwd: import.meta.dirname, exclude: ["node_modules/**"] }).filter(
  (file) => readFileSync(path.join(import.meta.dirname, file), "utf8").includes("vi.mock("),
);
/** They start programs, and wait for them. */
const programs = [
  "test/**/*.test.ts",
  "local/main.test.ts",
  "trainer/{cli/*,fleet,resume,thread,trainer}.test.ts",
  "trainer/search/{faults,fleet,processes}.test.ts",
  "api/{replicas,store-away}.test.ts",
  "api/artifacts/s3-*.test.ts",
];

const others = ["node_modules/**", "**/*.long.test.ts", "**/*.{kwok,cluster,after,soak}.test.ts"];

// Three files at a time: tests start programs and wait for them, and small machines have two cores. Files share a
// process, for loading the same modules anew for each took a third of the time. The order is that of the names: what takes
// long comes first, so that both cores have something to do until the end.
export default defineConfig({
  test: {
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    execArgv: ["--import", path.join(import.meta.dirname, "scripts/compile-cache.js")],
    projects: [
      { extends: true, test: { name: "1 replacing", include: replacing, exclude: others } },
      {
        extends: true,
        test: { name: "2 programs", include: programs, exclude: [...others, ...replacing], isolate: false },
      },
      {
        extends: true,
        test: {
          name: "3 the rest",
          include: ["**/*.test.ts"],
          exclude: [...others, ...replacing, ...programs],
          isolate: false,
        },
      },
    ],
  },
});
