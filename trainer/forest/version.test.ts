/**
 * The grower's version stands in every header, and a stored part is continued only by the same version. So whoever changes a byte of
 * any tree has to raise it: these digests say when.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  aCategoryColumn,
  aClassTarget,
  aForestInput,
  aNumberColumn,
  aRegressionTarget,
} from "../../test/builders/forest.ts";
import { text } from "../../test/builders/grown.ts";
import { random } from "../../traintask/random.ts";
import { type ForestTarget, growerVersion } from "./forest.ts";

const rows = 600;
const draw = random(2026);
const integers = (n: number): number[] => Array.from({ length: rows }, () => draw.below(n));
/** More than 255 distinct values, some missing; a few values, many missing; a category. */
const wide = integers(1000).map((x) => (x < 30 ? NaN : x / 8));
const narrow = integers(12).map((x) => (x < 4 ? NaN : x));
const category = integers(5).map((x) => x - 1);
const columns = [
  aNumberColumn(wide, "wide"),
  aNumberColumn(narrow, "narrow"),
  aCategoryColumn(category, ["a", "b", "c", "d"]),
];
const signal = wide.map((x, i) => (Number.isNaN(x) ? 40 : x) + 10 * category[i]! + (Number.isNaN(narrow[i]!) ? 7 : 0));

function digest(target: ForestTarget): string {
  const input = aForestInput({
    columns,
    target,
    seed: 7,
    options: { nEstimators: 3, bootstrap: true, maxFeatures: "2" },
  });
  return createHash("sha256").update(text(input).join("\n")).digest("hex");
}

describe(`trees of grower ${growerVersion}`, () => {
  it("are these bytes for a regression on decimal numbers", () => {
    expect(digest(aRegressionTarget(signal))).toMatchInlineSnapshot(
      `"f71043ab506ce40341d0aaf6666e6cdab1e60c6be00a312d988c66f7f5a6c2f4"`,
    );
  });

  it("are these bytes for a regression on other numbers", () => {
    expect(digest(aRegressionTarget(signal.map((y) => y / 3)))).toMatchInlineSnapshot(
      `"533abf103bb29a1502eb4f9d91dcd1b46a90b397e45b48a61304b32cc75aacbd"`,
    );
  });

  it("are these bytes for two classes", () => {
    expect(digest(aClassTarget(signal.map((y) => (y > 70 ? 1 : 0))))).toMatchInlineSnapshot(
      `"1d681c6215034eecb09dd608902d8744f6439491f0a5c57c4622ce765dc94fb1"`,
    );
  });

  it("are these bytes for more classes", () => {
    expect(
      digest(
        aClassTarget(
          signal.map((y) => Math.min(3, Math.max(0, Math.floor(y / 40)))),
          ["a", "b", "c", "d"],
        ),
      ),
    ).toMatchInlineSnapshot(`"96ea0d35e5b64dd6f9460b19a158e365f1b3e4774e40aace1f530e28a98d5d36"`);
  });
});
