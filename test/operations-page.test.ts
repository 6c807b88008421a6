/** docs/operations.md: its table of metrics is what is served, its alerts ask for nothing else, its log lines exist. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { reasons } from "../traintask/reasons.ts";
import { servedMetrics } from "./metrics/served.ts";
import type { Program } from "./metrics/served.ts";

const root = path.resolve(import.meta.dirname, "..");
const page = readFileSync(path.join(root, "docs/operations.md"), "utf8");

/** Cells of the rows below a heading of the page. */
function rowsOf(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (metric|alert|`msg`|symptom) \|/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

const codeIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

describe("the metrics of docs/operations.md", () => {
  const table = rowsOf("Metrics").filter(([, name]) => name?.startsWith("`traintask_"));

  for (const program of ["API", "operator"] as const satisfies Program[])
    it(`are those that the ${program} serves, each of them`, async () => {
      const served = [...(await servedMetrics(program)).keys()].filter((name) => name.startsWith("traintask_"));
      const told = table.filter(([, , of]) => of === program).flatMap(([, name]) => codeIn(name));
      expect(served.length).toBeGreaterThan(1);
      expect(told.toSorted()).toEqual(served.toSorted());
    });

  it("are all that the alerts ask for", () => {
    const names = new Set(table.flatMap(([, name]) => codeIn(name)));
    const asked = rowsOf("Metrics")
      .filter(([, name]) => !name?.startsWith("`"))
      .flatMap(([, , expression = ""]) => expression.match(/traintask_[a-z_]+/g) ?? [])
      .map((name) => name.replace(/_count$/, ""));
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe("the log lines of docs/operations.md", () => {
  const files = ["api", "operator", "kube"].flatMap((folder) =>
    execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", `${folder}/*.ts`], { cwd: root })
      .toString()
      .split("\n")
      .filter((file) => file !== "" && !file.endsWith(".test.ts")),
  );
  const sources = files.map((file) => readFileSync(path.join(root, file), "utf8")).join("\n");

  for (const message of rowsOf("Logs").flatMap(([, cell]) => codeIn(cell)))
    it(`are written by the code: ${message}`, () => {
      expect(sources).toContain(`"${message}"`);
    });
});

describe("the remedies of docs/operations.md", () => {
  it("name reasons that a task can have", () => {
    const known = Object.values(reasons) as string[];
    const remedies = rowsOf("When something is wrong").map(([, , , remedy = ""]) => remedy.replaceAll(/`[^`]*`/g, ""));
    // "QueueNotFound: create the queue"
    const named = remedies.flatMap((text) =>
      [...text.matchAll(/(?:^|\. )([A-Z][a-z]+[A-Z]\w+):/g)].map(([, word = ""]) => word),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((word) => !known.includes(word))).toEqual([]);
  });
});
