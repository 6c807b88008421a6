import { defineConfig } from "vitest/config";

// What is proven on a real Kubernetes: `npm run test:cluster`. test/cluster/test-run.ts says which part runs where.
const parts = {
  kwok: "**/*.kwok.test.ts",
  cluster: "**/*.cluster.test.ts",
  after: "**/*.after.test.ts",
  soak: "**/*.soak.test.ts",
};

export default defineConfig({
  test: {
    exclude: ["node_modules/**"],
    maxWorkers: 1,
    maxConcurrency: 12,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: Object.entries(parts).map(([name, include]) => ({ extends: true, test: { name, include: [include] } })),
  },
});
