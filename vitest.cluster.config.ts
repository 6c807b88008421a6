import { defineConfig } from "vitest/config";

// What is proven on a real Kubernetes: `npm run test:cluster`. test/cluster/test-run.ts says which part runs where.
const parts = {
  kwok: ["**/*.kwok.test.ts"],
  cluster: ["**/*.cluster.test.ts"],
  after: ["**/*.after.test.ts"],
  soak: ["**/*.soak.test.ts"],
  // They belong to `npm test`, which skips them where Helm, kubectl or an S3 server are missing. Here they are built.
  tools: [
    "test/chart/*.test.ts",
    "**/kubectl.test.ts",
    "api/{replicas,store-away}.test.ts",
    "api/artifacts/s3-*.test.ts",
  ],
};
/** Of the part `tools`: what its patterns have in common with the other parts' files. */
const ofOtherParts = "**/*.{kwok,cluster,after,soak}.test.ts";

export default defineConfig({
  test: {
    exclude: ["node_modules/**"],
    maxWorkers: 1,
    maxConcurrency: 12,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: Object.entries(parts).map(([name, include]) => ({
      extends: true,
      test: { name, include, ...(name === "tools" ? { exclude: ["node_modules/**", ofOtherParts] } : {}) },
    })),
  },
});
