/** docs/security.md names a test for each threat: the test must be there, under that name. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const page = path.resolve(import.meta.dirname, "../docs/security.md");
const rows = readFileSync(page, "utf8")
  .split("\n")
  .filter((line) => /^\| (?!somebody)[a-z]/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** The tests of a row's last cell: a link to a file, then names in quotation marks. */
function testsIn(cell: string): { file: string; name: string }[] {
  return [...cell.matchAll(/\[[^\]]+\]\(([^)]+)\)((?:,? "[^"]+")*)/g)].flatMap(([, file = "", names = ""]) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => ({ file, name })),
  );
}

describe("docs/security.md", () => {
  it("has a table of threats", () => {
    expect(rows.length).toBeGreaterThan(15);
  });

  for (const [, threat = "", answer = "", tests = ""] of rows)
    it(`names a test that there is where somebody ${threat}`, () => {
      expect(answer).not.toBe("");
      expect(testsIn(tests)).not.toEqual([]);
      for (const { file, name } of testsIn(tests)) {
        const target = path.resolve(path.dirname(page), file);
        expect(existsSync(target), file).toBe(true);
        expect(readFileSync(target, "utf8")).toContain(name);
      }
    });
});
