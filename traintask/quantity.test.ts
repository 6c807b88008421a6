import { describe, expect, test } from "vitest";
import { formatMemory, parseQuantity } from "./quantity.ts";

describe("a quantity in base units", () => {
  const cases: Record<string, [text: string, value: number]> = {
    "a plain integer": ["2", 2],
    "a decimal": ["0.5", 0.5],
    "a decimal without a leading digit": [".5", 0.5],
    "thousandths of a core": ["250m", 0.25],
    "binary mebibytes": ["512Mi", 512 * 1024 * 1024],
    "binary gibibytes with a fraction": ["1.5Gi", 1.5 * 1024 ** 3],
    "decimal megabytes": ["64M", 64_000_000],
    "an exponent": ["1e3", 1000],
    "a negative exponent": ["5E-1", 0.5],
    "an exa, which is no exponent": ["1E", 1e18],
  };
  test.each(Object.entries(cases))("%s", (_, [text, value]) => {
    expect(parseQuantity(text)).toBe(value);
  });
});

test.each(["", "Gi", "1 Gi", "1GB", "1K", "1ki", "x", "0x10", "1e", "1e3Mi", "--1", "constructor"])(
  "%j is none",
  (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  },
);

test("memory is written in whole mebibytes, rounded up", () => {
  expect(formatMemory(2 ** 20 + 1)).toBe("2Mi");
});
