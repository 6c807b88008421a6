import { describe, expect, it } from "vitest";
import { stagesOf, type TestRun } from "./test-run.ts";

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
