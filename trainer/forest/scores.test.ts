/** Scores and importances on real data against scikit-learn's, recorded over 20 seeds by test/golden/record_scores.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { endBuilder } from "../../model/end.ts";
import { aHeader } from "../../test/builders/model.ts";
import { prepareForest } from "./forest.ts";

interface Distribution {
  readonly mean: number;
  readonly deviation: number;
}
interface Scores {
  readonly score: Distribution;
  readonly importances: readonly Distribution[];
}
interface Recorded {
  readonly columns: readonly (readonly number[])[];
  readonly target: readonly number[];
  readonly trees: number;
  /** By splitter. */
  readonly best: Scores;
  readonly random: Scores;
}
const recorded = JSON.parse(readFileSync("test/golden/scores.json", "utf8")) as Record<"iris" | "diabetes", Recorded>;

type Name = "iris" | "diabetes";
type Splitter = "best" | "random";

function forestOf(name: Name, splitter: Splitter, seed: number): { score: number; importances: readonly number[] } {
  const { columns, target, trees } = recorded[name];
  const forest = prepareForest(
    aForestInput({
      columns: columns.map((values, c) => aNumberColumn(values, `x${c}`)),
      target: name === "iris" ? aClassTarget(target, ["setosa", "versicolor", "virginica"]) : aRegressionTarget(target),
      seed,
      options: { nEstimators: trees, bootstrap: true, splitter, maxFeatures: name === "iris" ? "sqrt" : "all" },
    }),
  );
  const end = endBuilder(aHeader(forest.header));
  for (let tree = 0; tree < trees; tree++) {
    const line = forest.growTree(tree);
    forest.addOutOfBag(line);
    end.add(line);
  }
  return { score: forest.outOfBag()!.score, importances: end.finish().importances };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const cases: [Name, Splitter][] = [
  ["iris", "best"],
  ["diabetes", "best"],
  ["iris", "random"],
  ["diabetes", "random"],
];

describe.each(cases)("on %s with splitter %s, as with scikit-learn,", (name, splitter) => {
  const forests = Array.from({ length: 5 }, (_, seed) => forestOf(name, splitter, seed));
  const { score, importances } = recorded[name][splitter];

  it("each forest's out-of-bag score is within 3 deviations of the mean over seeds", () => {
    for (const forest of forests) expect(Math.abs(forest.score - score.mean)).toBeLessThan(3 * score.deviation);
  });

  it("each column's importance is within 3 deviations of its mean over seeds", () => {
    importances.forEach((importance, column) => {
      const ours = mean(forests.map((forest) => forest.importances[column]!));
      expect(Math.abs(ours - importance.mean), `column ${column}`).toBeLessThan(3 * importance.deviation);
    });
  });
});
