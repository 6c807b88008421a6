import { expect, test } from "vitest";
import { parseQuantity } from "./quantity.ts";
import { resourcesSchema } from "./resources.ts";

const accepts = (memory: string): boolean => resourcesSchema.safeParse({ limits: { memory } }).success;

const numbers = ["2", "0.5", "10"];
const suffixes = ["", "m", "k", "K", "M", "G", "T", "P", "E", "ki", "Ki", "Mi", "Gi", "Ti", "Pi", "mi", "i", "x"];

test.each(suffixes)("of quantities with suffix %j a task takes none that a cluster would refuse", (suffix) => {
  for (const number of numbers) {
    const amount = parseQuantity(number + suffix);
    if (accepts(number + suffix)) expect(amount, number + suffix).toBeGreaterThan(0);
  }
});

test.each(["500m", "2", "1.5Gi", "64M", "4k", "1Ki"])("%s is taken", (memory) => {
  expect(accepts(memory)).toBe(true);
});
