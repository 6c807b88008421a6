import { defineConfig } from "vitest/config";

// What is proven on a real Kubernetes: `npm run test:cluster`, which starts one where none is at hand.
export default defineConfig({
  test: {
    include: ["**/*.cluster.test.ts"],
    exclude: ["node_modules/**"],
    maxWorkers: 1,
    maxConcurrency: 12,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
