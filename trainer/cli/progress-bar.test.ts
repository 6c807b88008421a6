import { describe, expect, test } from "vitest";
import { csvLine } from "../../data/csv-line.ts";
import { progressBar } from "./progress-bar.ts";

function terminal(isTTY = true) {
  const written: string[] = [];
  return { isTTY, columns: 80, write: (text: string) => written.push(text), written };
}

describe("the progress bar", () => {
  test("shows trees, score and time left", () => {
    let time = 0;
    const screen = terminal();
    const bar = progressBar(screen, { total: 100, unit: "trees" }, () => time);
    time = 50_000;
    bar.draw({ trees: 50, score: "acc 0.950", metrics: [], curve: [] });
    expect(screen.written.at(-1)).toBe(
      `\r\u001b[2K${"█".repeat(15)}${"░".repeat(15)} 50/100 trees  acc 0.950  50s left`,
    );
    bar.clear();
    expect(screen.written.at(-1)).toBe("\r\u001b[2K");
  });

  test("is drawn ten times a second at most, and for the last tree", () => {
    let time = 0;
    const screen = terminal();
    const bar = progressBar(screen, { total: 1000, unit: "iterations" }, () => time);
    for (let trees = 1; trees <= 1000; trees++) {
      time += 1;
      bar.draw({ trees, metrics: [], curve: [] });
    }
    expect(screen.written.length).toBeLessThan(15);
    expect(screen.written.at(-1)).toContain("1000/1000");
  });

  test("is silent where there is no terminal", () => {
    const screen = terminal(false);
    const bar = progressBar(screen, { total: 10, unit: "trees" }, () => 0);
    bar.draw({ trees: 10, metrics: [], curve: [] });
    bar.clear();
    expect(screen.written).toEqual([]);
  });
});

test("a line of CSV quotes what needs it", () => {
  expect(csvLine(["a", 1.5, 'x"y', "p,q", "two\nlines", ""])).toBe('a,1.5,"x""y","p,q","two\nlines",\n');
});
