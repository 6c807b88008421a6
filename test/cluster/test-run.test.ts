import { describe, expect, it } from "vitest";
import { stagesOf, type TestRun } from "./test-run.ts";
import { added, type Results } from "./vitest-run.ts";

const run: TestRun = {
  size: undefined,
  soak: false,
  args: [],
  kubeconfig: undefined,
  progress: () => undefined,
  signal: new AbortController().signal,
};
const pretended = { size: "control-plane", parts: ["kwok"] };
const real = { size: "node", parts: ["cluster", "tools"] };

describe("a run of the tests on this machine", () => {
  it("goes to pretended nodes first, then to a real one", () => {
    expect(stagesOf(run, undefined)).toEqual([pretended, real]);
  });

  it("goes to the one that is asked for", () => {
    expect(stagesOf({ ...run, size: "node" }, undefined)).toEqual([real]);
    expect(stagesOf({ ...run, size: "control-plane" }, undefined)).toEqual([pretended]);
  });

  it("takes a cluster that is up as it is, and runs there what makes sense there", () => {
    expect(stagesOf({ ...run, size: "control-plane" }, "node")).toEqual([real]);
    expect(stagesOf(run, "control-plane")).toEqual([pretended]);
  });

  it("runs what is named on pretended nodes too, when they are asked for", () => {
    const named = { ...run, size: "control-plane", args: ["admission"] } as const;
    expect(stagesOf(named, undefined)).toEqual([{ ...pretended, parts: ["kwok", "cluster"] }]);
  });

  it("is the long one alone when that is asked for", () => {
    expect(stagesOf({ ...run, soak: true }, undefined)).toEqual([{ ...pretended, parts: ["soak"] }]);
  });
});

describe("the tally", () => {
  const nothing = { passed: 0, failed: 0, skipped: 0 };
  const file = (status: string, ...tests: string[]): Results["testResults"][number] => ({
    status,
    assertionResults: tests.map((one) => ({ status: one })),
  });
  const results: Results = {
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [file("passed", "passed", "passed"), file("failed", "failed", "skipped")],
  };

  it("adds up the parts of a run", () => {
    expect(added(added(nothing, results), results)).toEqual({ passed: 4, failed: 2, skipped: 2 });
  });

  it("counts a file that fails as a whole as a failure", () => {
    const broken = { ...results, testResults: [...results.testResults, file("failed"), file("failed", "skipped")] };
    expect(added(nothing, broken).failed).toBe(3);
  });
});
