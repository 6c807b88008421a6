/** Boosting against scikit-learn's HistGradientBoosting, recorded by test/golden/record_boosting.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aBoostingInput, grown, rawScores } from "../../test/builders/boosting.ts";
import { aClassTarget, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import type { NumberColumn } from "../../model/format.ts";
import type { ForestTarget } from "../forest/forest.ts";
import { prepareBoosting } from "./boosting.ts";

type Kind = "squaredError" | "absoluteError" | "two" | "three" | "four";
interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly (number | null)[];
  readonly missingLeft: readonly boolean[];
  readonly value: readonly number[];
}
interface Case {
  readonly kind: Kind;
  readonly holes: number;
  readonly columns: readonly (readonly (number | null)[])[];
  readonly target: readonly number[];
  readonly baseline: readonly number[];
  readonly iterations: readonly (readonly Tree[])[];
  readonly raw: readonly (readonly number[])[];
}
interface Score extends Pick<Case, "kind" | "columns" | "target"> {
  readonly train: number;
  readonly heldOut: number;
}
const golden = JSON.parse(readFileSync("test/golden/boosting.json", "utf8")) as {
  readonly trees: readonly Case[];
  readonly scores: Record<string, Score>;
};

const classes = { two: 2, three: 3, four: 4 };

function inputOf({ kind, columns, target }: Pick<Case, "kind" | "columns" | "target">, options: object) {
  const isNumber = kind === "squaredError" || kind === "absoluteError";
  const ofTarget: ForestTarget = isNumber
    ? aRegressionTarget(target)
    : aClassTarget(
        target,
        Array.from({ length: classes[kind] }, (_, k) => `${k}`),
      );
  const numbers = columns.map((values, c) =>
    aNumberColumn(
      values.map((x) => x ?? NaN),
      `x${c}`,
    ),
  );
  return aBoostingInput({
    columns: numbers,
    target: ofTarget,
    options: { ...options, ...(isNumber ? { loss: kind } : {}) },
  });
}

/** How many splits come before each node. */
function splitsBefore(feature: readonly number[]): number[] {
  let splits = 0;
  return feature.map((column) => (column >= 0 ? splits++ : splits));
}

/** Whether a row goes left at a node. */
interface Walk {
  readonly feature: readonly number[];
  readonly goesLeft: (node: number, row: number) => boolean;
}

/** The leaf, by its place in preorder, that each row falls into. */
function leaves({ feature, goesLeft }: Walk, rows: number): number[] {
  const right = (node: number): number => {
    let open = 1;
    let next = node + 1;
    for (; open > 0; next++) open += feature[next]! >= 0 ? 1 : -1;
    return next;
  };
  return Array.from({ length: rows }, (_, row) => {
    let node = 0;
    while (feature[node]! >= 0) node = goesLeft(node, row) ? node + 1 : right(node);
    return node;
  });
}

describe("on data without ties, trees are scikit-learn's", () => {
  const names = golden.trees.map((one) => [`${one.kind}, ${one.holes * 100}% missing`, one] as const);
  it.each(names)("%s", (_, one) => {
    const options = { maxIter: 4, maxLeafNodes: 7, minSamplesLeaf: 12, l2Regularization: "0.5" };
    const input = inputOf(one, options);
    const boosting = prepareBoosting(input);
    const lines = grown(boosting);
    const edges = boosting.header.columns.map((column) => (column as NumberColumn).edges);

    lines.forEach(({ trees }, iteration) =>
      trees.forEach((tree, k) => {
        const theirs = one.iterations[iteration]![k]!;
        expect(tree.feature).toEqual(theirs.feature);
        // Thresholds may differ within a gap between a node's values, so what counts is that no row goes another way.
        const split = splitsBefore(tree.feature);
        const value = (node: number, row: number): number | null => one.columns[tree.feature[node]!]![row]!;
        const ours = (node: number, row: number): boolean => {
          const x = value(node, row);
          if (x === null) return (tree.missingLeft ?? []).includes(split[node]!);
          return x <= (edges[tree.feature[node]!]![tree.bin[split[node]!]!] ?? Infinity);
        };
        const goesLeft = (node: number, row: number): boolean => {
          const x = value(node, row);
          return x === null ? theirs.missingLeft[node]! : x <= (theirs.threshold[node] ?? Infinity);
        };
        const rows = one.target.length;
        expect(leaves({ feature: tree.feature, goesLeft: ours }, rows)).toEqual(
          leaves({ feature: tree.feature, goesLeft }, rows),
        );
        // Their derivatives are of single precision, which leaves about seven digits, fewer where they cancel out.
        const scale = Math.max(...theirs.value.map(Math.abs));
        tree.value.forEach((value, leaf) => expect(Math.abs(value - theirs.value[leaf]!) / scale).toBeLessThan(1e-4));
      }),
    );
    // A softmax takes no notice of what is added to all scores, and scikit-learn centres its first ones.
    const centre = (scores: readonly number[]): number =>
      one.kind === "four" ? scores.reduce((sum, score) => sum + score, 0) / 4 : 0;
    const { baseline } = boosting.header.gradientBoosting;
    const shift = centre(baseline) - centre(one.baseline);
    const scores = rawScores(input, lines, Array.from(one.target.keys()));
    scores.forEach((ofOutput, k) =>
      ofOutput.forEach((score, row) => {
        const theirs = one.raw[k]![row]! + shift;
        expect(Math.abs(score - theirs)).toBeLessThan(1e-4 * Math.max(1, Math.abs(theirs)));
      }),
    );
  });
});

/** R2, or the mean log loss, of rows. */
function scoreOf(one: Score, raw: readonly (readonly number[])[], rows: readonly number[]): number {
  const truth = rows.map((row) => one.target[row]!);
  if (raw.length > 1 || one.kind === "two") {
    const losses = truth.map((y, i) => {
      const scores = one.kind === "two" ? [0, raw[0]![i]!] : raw.map((ofClass) => ofClass[i]!);
      return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[y]!;
    });
    return losses.reduce((sum, loss) => sum + loss, 0) / rows.length;
  }
  const mean = truth.reduce((sum, y) => sum + y, 0) / rows.length;
  const squares = (of: (y: number, i: number) => number): number => truth.reduce((sum, y, i) => sum + of(y, i) ** 2, 0);
  return 1 - squares((y, i) => y - raw[0]![i]!) / squares((y) => y - mean);
}

describe("on real data, scores are scikit-learn's within 0.03", () => {
  // Bins lie elsewhere where a column has more than 255 values, and ties are broken otherwise; so trees differ.
  it.each(Object.entries(golden.scores))("%s", (_, one) => {
    const all = Array.from(one.target.keys());
    const heldOut = all.filter((row) => row % 4 === 3);
    const train = all.filter((row) => row % 4 !== 3);
    const whole = inputOf(one, { maxIter: 60, minSamplesLeaf: 20 });
    const input = { ...whole, rows: Uint32Array.from(train) };
    const lines = grown(prepareBoosting(input));
    const score = (rows: readonly number[]): number => scoreOf(one, rawScores(input, lines, rows), rows);
    expect(Math.abs(score(train) - one.train)).toBeLessThan(0.03);
    expect(Math.abs(score(heldOut) - one.heldOut)).toBeLessThan(0.03);
  });
});
