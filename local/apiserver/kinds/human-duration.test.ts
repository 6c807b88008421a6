import { expect, test } from "vitest";
import { humanDuration } from "./human-duration.ts";

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

// As kubectl prints them.
const cases: [ms: number, text: string][] = [
  [0, "0s"],
  [999, "0s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [2 * minute + 5 * second, "2m5s"],
  [9 * minute + 59 * second, "9m59s"],
  [10 * minute + 59 * second, "10m"],
  [179 * minute, "179m"],
  [3 * hour, "3h"],
  [3 * hour + 7 * minute, "3h7m"],
  [8 * hour + 59 * minute, "8h"],
  [47 * hour, "47h"],
  [2 * day, "2d"],
  [2 * day + 3 * hour, "2d3h"],
  [8 * day + 3 * hour, "8d"],
  [729 * day, "729d"],
  [730 * day, "2y"],
  [740 * day, "2y10d"],
  [9 * 365 * day, "9y"],
  [-1 * second, "0s"],
  [-5 * second, "<invalid>"],
];

test.each(cases)("%d ms print as %s", (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});
