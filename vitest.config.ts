import { defineConfig } from "vitest/config";

// Two files at a time: many tests start servers and child processes, and small machines have two cores.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "**/*.long.test.ts", "**/*.{kwok,cluster,after,soak}.test.ts"],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
