import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aCategoryColumn,
  aClassTarget,
  aForestInput,
  aNumberColumn,
  aRegressionTarget,
} from "../test/builders/forest.ts";
import { modelOf } from "../test/builders/grown.ts";
import { compactTree, leafOf } from "./compact.ts";
import { missingCode } from "./encode.ts";
import type { TreeLine } from "./format.ts";
import { addVotes } from "./votes.ts";

const length = 40;
const numbers = Array.from({ length }, (_, i) => (i % 7 === 0 ? NaN : (i * 17) % length));
const columns = [
  aNumberColumn(numbers, "a"),
  aNumberColumn(
    Array.from({ length }, (_, i) => (i % 5 === 0 ? NaN : (i * 11) % 6)),
    "b",
  ),
  aCategoryColumn(
    Array.from({ length }, (_, i) => (i % 4) - 1),
    ["x", "y", "z"],
  ),
];
const targets = {
  regression: aRegressionTarget(numbers.map((x, i) => (Number.isNaN(x) ? 90 + i : x))),
  classification: aClassTarget(
    numbers.map((x, i) => (Number.isNaN(x) ? 2 : i % 3)),
    ["p", "q", "r"],
  ),
};

describe.each(["regression", "classification"] as const)("votes of trees for %s", (problemType) => {
  const input = aForestInput({ columns, target: targets[problemType], options: { nEstimators: 6, bootstrap: true } });
  const lines = modelOf(input)
    .slice(1)
    .map((line) => JSON.parse(line) as TreeLine);
  const voters = lines.map((line) => ({ tree: compactTree(line, problemType), output: 0 }));
  const outputs = problemType === "regression" ? 1 : 3;

  /** Row by row, tree by tree. */
  function expectedOf(codes: Uint8Array): Float64Array {
    const expected = new Float64Array((codes.length / 3) * outputs);
    for (const { tree } of voters)
      for (let row = 0; row < codes.length / 3; row++) {
        const leaf = leafOf(tree, codes, { stride: 1, at: row * 3 });
        for (let k = tree.start[leaf]!; k < tree.start[leaf + 1]!; k++)
          expected[row * outputs + (tree.classOf[k] ?? 0)]! += tree.entry[k]!;
      }
    return expected;
  }

  function votesOf(codes: Uint8Array): Float64Array {
    const rows = codes.length / 3;
    const sums = new Float64Array(rows * outputs);
    addVotes(voters, { rows, columns: 3, codes: () => codes, values: () => new Float64Array(0) }, sums);
    return sums;
  }

  it("are those of the leaves that each row falls into by itself, however many rows there are", () => {
    expect(lines.some(({ missingLeft }) => missingLeft !== undefined)).toBe(true);
    const code = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 }), fc.constant(missingCode));
    fc.assert(
      fc.property(fc.array(fc.tuple(code, code, code), { minLength: 1, maxLength: 60 }), (rows) => {
        const codes = Uint8Array.from(rows.flat());
        expect(votesOf(codes)).toEqual(expectedOf(codes));
      }),
    );
  });

  it("are those of each row also where the rows are more than walk together", () => {
    const codes = Uint8Array.from({ length: 3 * 20_000 }, (_, i) => (i % 11 === 0 ? missingCode : (i * 7) % 31));
    expect(votesOf(codes)).toEqual(expectedOf(codes));
  });

  it("of no rows are none", () => {
    expect(votesOf(new Uint8Array(0))).toHaveLength(0);
  });
});
