import { describe, expect, it } from "vitest";
import { resourceVersionsOf } from "./resource-versions.ts";

/** Caches whose watches stand at these versions. */
function watchesAt(tasks: Record<string, string>, jobs: Record<string, string>) {
  return {
    tasks: { resourceVersionIn: (namespace: string) => tasks[namespace] ?? "" },
    jobs: { resourceVersionIn: (namespace: string) => jobs[namespace] ?? "" },
  };
}

const two = watchesAt({ a: "9", b: "10" }, { a: "12", b: "11" });

describe("the versions at which the caches stand", () => {
  it("are those of the one watch that sees all namespaces", () => {
    const all = { resourceVersionIn: () => "7" };
    expect(resourceVersionsOf({ tasks: all, jobs: all }, [])).toEqual({ tasks: "7", jobs: "7" });
  });

  it("are those of the one namespace that is watched, or asked about", () => {
    expect(resourceVersionsOf(two, ["b"])).toEqual({ tasks: "10", jobs: "11" });
    expect(resourceVersionsOf(two, ["a", "b"], "a")).toEqual({ tasks: "9", jobs: "12" });
  });

  it("are named one by one where several are watched, and the oldest stand for all: as numbers, not as text", () => {
    expect(resourceVersionsOf(two, ["a", "b"])).toEqual({
      tasks: "9",
      jobs: "11",
      namespaces: { a: { tasks: "9", jobs: "12" }, b: { tasks: "10", jobs: "11" } },
    });
  });

  it("say nothing of the whole while one watch has no version yet", () => {
    expect(resourceVersionsOf(two, ["a", "b", "c"])).toMatchObject({ tasks: "", jobs: "" });
  });
});
