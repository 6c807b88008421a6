import fc from "fast-check";
import { expect, test } from "vitest";
import { leftText } from "./left.ts";
import { statusSchema } from "./status.ts";

test.each([
  [0, "0s"],
  [-5, "0s"],
  [0.4, "0s"],
  [59, "59s"],
  [59.6, "1m"],
  [130, "2m10s"],
  [3600, "1h"],
  [3601, "1h"],
  [11_100, "3h5m"],
  [86_399, "23h59m"],
  [86_400, "1d"],
  [1_051_200, "12d4h"],
])("%d seconds left read %s", (seconds, text) => {
  expect(leftText(seconds)).toBe(text);
});

test("whatever is left fits into the status, and is short by less than one unit of the smaller kind", () => {
  const units = { d: 86_400, h: 3600, m: 60, s: 1 } as const;
  fc.assert(
    fc.property(fc.nat(1e9), (seconds) => {
      const text = leftText(seconds);
      expect(statusSchema.shape.left.safeParse(text).success).toBe(true);
      const parts = [...text.matchAll(/(\d+)([dhms])/g)].map(([, count, unit]) => Number(count) * units[unit as "s"]);
      const said = parts.reduce((sum, part) => sum + part, 0);
      expect(said).toBeLessThanOrEqual(seconds);
      expect(seconds - said).toBeLessThan(seconds >= 86_400 ? 3600 : seconds >= 3600 ? 60 : 1);
    }),
  );
});
