import { describe, expect, it } from "vitest";
import { failures, none, type Results, sum, tallyIn, tallyLine, tallyOf } from "./results.ts";

type File = Results["testResults"][number];

const test = (status: string, ...failureMessages: string[]): File["assertionResults"][number] => ({
  fullName: `it is ${status}`,
  status,
  failureMessages,
});
const file = (status: string, ...assertionResults: File["assertionResults"]): File => ({
  name: "a.test.ts",
  status,
  message: "it cannot be loaded",
  assertionResults,
});
const results: Results = {
  numPassedTests: 2,
  numFailedTests: 1,
  numPendingTests: 1,
  testResults: [
    file("passed", test("passed"), test("passed")),
    file("failed", test("failed", "first try\n  at here", "second try"), test("skipped")),
  ],
};
const broken = { ...results, testResults: [...results.testResults, file("failed"), file("failed", test("skipped"))] };

describe("the tally", () => {
  it("adds up the parts of a run", () => {
    expect([results, results].map(tallyOf).reduce(sum, none)).toEqual({ passed: 4, failed: 2, skipped: 2 });
  });

  it("counts a file that fails as a whole as a failure", () => {
    expect(tallyOf(broken).failed).toBe(3);
  });

  it("is the last line of its kind in an output", () => {
    const tally = tallyOf(results);
    expect(tallyIn(`1 passed, 0 failed, 0 skipped\nso\n${tallyLine(tally)}\nelse\n`)).toEqual(tally);
    expect(tallyIn("it ended 1 passed, 0 failed, 0 skipped\n")).toBeUndefined();
  });
});

describe("what failed", () => {
  it("is said with the message of each try", () => {
    expect(failures(results)).toEqual([
      "failed: a.test.ts > it is failed\n    first try\n      at here\n    second try",
    ]);
  });

  it("is said of files that fail as a whole", () => {
    expect(failures(broken).slice(1)).toEqual(Array(2).fill("failed: a.test.ts\n    it cannot be loaded"));
  });

  it("is said in few lines", () => {
    const long = { ...results, testResults: [file("failed", test("failed", "x\n".repeat(100)))] };
    expect(failures(long)[0]?.split("\n")).toHaveLength(13);
  });
});
