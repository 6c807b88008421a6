import { defineConfig } from "vitest/config";

// The big tables (seeds x kills), on demand: `npm run test:long`.
export default defineConfig({
  test: { include: ["**/*.long.test.ts"], exclude: ["node_modules/**"], maxWorkers: 1, testTimeout: 3_600_000 },
});
