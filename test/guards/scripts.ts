/** What keeps bundles and the chart's papers whole. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "a bundle has the names that it takes from lazily loaded packages",
    file: "scripts/bundle.ts",
    find: "plugins: [threads(files), builtIns, lazyPackages, leftOut]",
    replace: "plugins: [threads(files), builtIns, leftOut]",
    test: "scripts/bundle.test.ts",
  },
  {
    name: "a bundle's threads are where its programs look for them",
    file: "scripts/bundle.ts",
    find: "plugins: [threads(files), builtIns, lazyPackages, leftOut]",
    replace: "plugins: [builtIns, lazyPackages, leftOut]",
    test: "scripts/bundle.test.ts",
  },
  {
    name: "a program loads of Node.js what it uses",
    file: "scripts/bundle.ts",
    find: "plugins: [threads(files), builtIns, lazyPackages, leftOut]",
    replace: "plugins: [threads(files), lazyPackages, leftOut]",
    test: "scripts/bundle.test.ts",
  },
  {
    name: "the bill of materials names packages within packages",
    file: "scripts/sbom.ts",
    find: "/^(?:.*\\/)?node_modules",
    replace: "/^(?:.*?\\/)??node_modules",
    test: "scripts/sbom.test.ts",
  },
  {
    name: "the task that Helm's notes show has fields that exist",
    file: "deploy/helm/traintask/templates/NOTES.txt",
    find: "nEstimators: 20",
    replace: "trees: 20",
    test: "test/chart/values.test.ts",
  },
];
