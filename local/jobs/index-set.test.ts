import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIndexes, parseIndexes } from "./index-set.ts";

describe("indexes are written compressed, as in a Job's status", () => {
  const cases: Record<string, [indexes: number[], text: string]> = {
    "none is the empty text": [[], ""],
    "one stands alone": [[4], "4"],
    "two in a row keep a comma": [[4, 5], "4,5"],
    "three in a row become an interval": [[4, 5, 6], "4-6"],
    "their order does not matter": [[7, 1, 5, 4, 3], "1,3-5,7"],
  };
  test.each(Object.entries(cases))("%s", (_, [indexes, text]) => {
    expect(formatIndexes(new Set(indexes))).toBe(text);
  });
});

test("what was written is read again", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), (indexes) => {
      expect(parseIndexes(formatIndexes(new Set(indexes)), 301)).toEqual(new Set(indexes));
    }),
  );
});

test("indexes that the Job does not ask for any more are left out", () => {
  expect(parseIndexes("1,3-7", 5)).toEqual(new Set([1, 3, 4]));
});

test("a damaged text neither fails nor runs away", () => {
  expect(parseIndexes("x,2,-1,1-999999999,5-", 4)).toEqual(new Set([1, 2, 3]));
});

test("no text is no index", () => {
  expect(parseIndexes(undefined, 9)).toEqual(new Set());
});
