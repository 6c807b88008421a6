/**
 * The grower's version stands in every header, and a stored part is continued only by the same version. So whoever changes a byte of
 * any iteration has to raise it: these digests say when. Those of classes hold on x64 with the Node.js of package.json, since
 * Math.exp and Math.log may differ by a last bit elsewhere.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { aBoostingInput, boostedText } from "../../test/builders/boosting.ts";
import { aCategoryColumn, aClassTarget, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { random } from "../../traintask/random.ts";
import { boostingVersion } from "./boosting.ts";

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

function digest({ options, ...overrides }: NonNullable<Parameters<typeof aBoostingInput>[0]>): string {
  const input = aBoostingInput({ columns, seed: 7, ...overrides, options: { minSamplesLeaf: 5, ...options } });
  return createHash("sha256").update(boostedText(input).join("\n")).digest("hex");
}

describe(`iterations of grower ${boostingVersion}`, () => {
  it("are these bytes for the squared error, with early stopping", () => {
    const options = { earlyStopping: {}, l2Regularization: "0.5" };
    expect(digest({ target: aRegressionTarget(signal), options })).toMatchInlineSnapshot(
      `"a075642bfedd57b1c1cd2199c2fda8e1fb9f060a9f9b9735f0e0eae1f2636b46"`,
    );
  });

  it("are these bytes for the absolute error, with weights", () => {
    const weights = Float64Array.from(signal, (_, i) => (i % 5) / 2);
    const options = { loss: "absoluteError" as const };
    expect(digest({ target: aRegressionTarget(signal), weights, options })).toMatchInlineSnapshot(
      `"3091e3ecc74d3c3a2c4eedc44a5fa7fd22d679cf7b8fc6259bf996c5f61d6c91"`,
    );
  });

  it("are these bytes for two classes", () => {
    expect(digest({ target: aClassTarget(signal.map((y) => (y > 70 ? 1 : 0))) })).toMatchInlineSnapshot(
      `"f6f89eed60ca4478d8c42cf855e1bc86aaf46003775b7c645d81e9023fe97d84"`,
    );
  });

  it("are these bytes for more classes", () => {
    const target = aClassTarget(
      signal.map((y) => Math.min(3, Math.max(0, Math.floor(y / 40)))),
      ["a", "b", "c", "d"],
    );
    expect(digest({ target })).toMatchInlineSnapshot(
      `"9cf5a90dae3ceb1e1fb511c230748ae768209ada756e79149332fa5f6489bd1e"`,
    );
  });
});
