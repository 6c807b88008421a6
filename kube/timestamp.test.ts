import { expect, test } from "vitest";
import { instant, timestamp } from "./timestamp.ts";

test("a timestamp has whole seconds, cut off", () => {
  expect(timestamp(Date.UTC(2030, 0, 2, 3, 4, 5, 999))).toBe("2030-01-02T03:04:05Z");
});

test("it is read with and without fractions", () => {
  expect(instant("2030-01-02T03:04:05Z")).toBe(Date.UTC(2030, 0, 2, 3, 4, 5));
  expect(instant("2030-01-02T03:04:05.250000Z")).toBe(Date.UTC(2030, 0, 2, 3, 4, 5, 250));
});

test("what is not there, or is no timestamp, has no time", () => {
  expect(instant(undefined)).toBeUndefined();
  expect(instant("soon")).toBeUndefined();
});
