/** The workflow files: what they may do, and that what they run is there. Whether GitHub likes them, actionlint says. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, ".github/workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: unknown;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object };
const files = readdirSync(folder);

describe("the workflow on kind", () => {
  const { jobs } = parse(readFileSync(path.join(folder, "kind.yml"), "utf8")) as Workflow;
  const commands = (job: string): unknown[] => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

  it("runs the commands that people run: all tests, and the same cluster test", () => {
    expect(commands("tests")).toEqual(["npm ci", "npm run check", "npm test"]);
    expect(commands("cluster").slice(-2)).toEqual(["npm ci", "npm run test:cluster"]);
  });
});

for (const file of files) {
  const workflow = parse(readFileSync(path.join(folder, file), "utf8")) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  describe(`the workflow ${file}`, () => {
    it("may read the repository and nothing else, on the code of strangers too", () => {
      expect(workflow.permissions).toEqual({ contents: "read" });
      expect(jobs.filter((job) => job.permissions !== undefined)).toEqual([]);
      expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
      const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      expect(checkouts.every((step) => step.with?.["persist-credentials"] === false)).toBe(true);
    });

    it("takes actions by the digest of their commit", () => {
      const loose = steps.filter(({ uses }) => uses !== undefined && !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses));
      expect(loose).toEqual([]);
    });

    it("ends by itself", () => {
      expect(jobs.filter((job) => job["timeout-minutes"] === undefined)).toEqual([]);
    });

    it("runs scripts of the package that there are", () => {
      const named = steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run (\S+)/g)].map(([, name = ""]) => name));
      expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    });
  });
}
