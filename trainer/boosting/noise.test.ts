/** Where all rows of a node have the same derivatives, every cut gains exactly nothing, whatever rounding says. */
import { expect, it } from "vitest";
import { aBoostingInput, grown } from "../../test/builders/boosting.ts";
import { aClassTarget, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { prepareBoosting } from "./boosting.ts";

const rows = 97;
const columns = Array.from({ length: 7 }, (_, c) =>
  aNumberColumn(
    Array.from({ length: rows }, (__, r) => (r * (c + 3)) % 89),
    `x${c}`,
  ),
);
const inThree = Array.from({ length: rows }, (_, r) => (columns[0]!.type === "number" ? columns[0]!.values[r]! : 0));

it("rows of one error are not split", () => {
  for (const step of [1 / 3, 0.1, 7.77]) {
    const target = aRegressionTarget(inThree.map((x) => (x < 30 ? 0 : x < 60 ? step : 5 * step)));
    const lines = grown(prepareBoosting(aBoostingInput({ columns, target, options: { maxIter: 10 } })));
    expect(lines.map(({ trees: [tree] }) => tree!.value.length)).toEqual(Array.from({ length: 10 }, () => 3));
  }
});

it("rows of one class and one score are not split", () => {
  const target = aClassTarget(inThree.map((x) => (x < 40 ? 0 : 1)));
  const lines = grown(prepareBoosting(aBoostingInput({ columns, target, options: { maxIter: 10 } })));
  expect(lines.map(({ trees: [tree] }) => tree!.value.length)).toEqual(Array.from({ length: 10 }, () => 2));
});
