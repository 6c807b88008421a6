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
      `"1d43ea0abb2526023b1b71c478fa11a7cf86ce503db8efc0b967fef7339fea9f"`,
    );
  });

  it("are these bytes for a regression on other numbers", () => {
    expect(digest(aRegressionTarget(signal.map((y) => y / 3)))).toMatchInlineSnapshot(
      `"3a94a07ce12586c44bc5b77135b95ee02381c6233b0ffdf067bae845edd9a1d4"`,
    );
  });

  it("are these bytes for two classes", () => {
    expect(digest(aClassTarget(signal.map((y) => (y > 70 ? 1 : 0))))).toMatchInlineSnapshot(
      `"6a04bc9471e1ce743c4430ea77f53a3ef2809782c948ea90ed2e95099c873385"`,
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
    ).toMatchInlineSnapshot(`"9f37004842ba37b72e45165a34c23610b938509aee42d5a2b264e8d26f4ae1cc"`);
  });
});
