/** Scores and importances on real data against scikit-learn's, recorded over 20 seeds by test/golden/record_scores.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aClassTarget, aForestInput, aNumberColumn, aRegressionTarget } from "../../test/builders/forest.ts";
import { endBuilder } from "../../model/end.ts";
import { aHeader } from "../../test/builders/model.ts";
import { allRows, predictor, trees } from "../../test/builders/grown.ts";
import { type ForestInput, prepareForest } from "./forest.ts";

interface Distribution {
  readonly mean: number;
  readonly deviation: number;
}
interface Scores {
  readonly score: Distribution;
  readonly importances: readonly Distribution[];
  /** On the rows trained on, and on every third row, which are not: means over seeds. */
  readonly training: number;
  readonly heldOut: number;
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

function inputOf(name: Name, seed: number, options: Partial<ForestInput["options"]>): ForestInput {
  const { columns, target, trees: nEstimators } = recorded[name];
  return aForestInput({
    columns: columns.map((values, c) => aNumberColumn(values, `x${c}`)),
    target: name === "iris" ? aClassTarget(target, ["setosa", "versicolor", "virginica"]) : aRegressionTarget(target),
    seed,
    options: { nEstimators, maxFeatures: name === "iris" ? "sqrt" : "all", ...options },
  });
}

function forestOf(name: Name, splitter: Splitter, seed: number): { score: number; importances: readonly number[] } {
  const forest = prepareForest(inputOf(name, seed, { bootstrap: true, splitter }));
  const end = endBuilder(aHeader(forest.header));
  for (const line of trees(forest)) {
    forest.addOutOfBag(line);
    end.add(line);
  }
  return { score: forest.outOfBag()!.score, importances: end.finish().importances };
}

/** Accuracy or R2 on the rows trained on, and on every third row, which are not. */
async function scoresOf(name: Name, splitter: Splitter, seed: number): Promise<{ training: number; heldOut: number }> {
  const whole = inputOf(name, seed, { bootstrap: splitter === "best", splitter });
  const input = { ...whole, rows: whole.rows.filter((row) => row % 3 !== 0) };
  const predictions = (await predictor(input)).predict(allRows(whole));
  const truth = recorded[name].target;
  const scoreOn = (rows: number[]): number => {
    const centre = mean(rows.map((row) => truth[row]!));
    const errors = rows.map((row) => {
      const prediction = predictions[row]!;
      if ("value" in prediction) return (prediction.value - truth[row]!) ** 2;
      return prediction.label === ["setosa", "versicolor", "virginica"][truth[row]!] ? 0 : 1;
    });
    return 1 - mean(errors) / (name === "iris" ? 1 : mean(rows.map((row) => (truth[row]! - centre) ** 2)));
  };
  const all = Array.from(truth.keys());
  return {
    training: scoreOn(all.filter((row) => row % 3 !== 0)),
    heldOut: scoreOn(all.filter((row) => row % 3 === 0)),
  };
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

  it("the mean score is theirs within 0.02, on rows trained on and on others", async () => {
    const scores = await Promise.all([0, 1, 2, 3, 4].map((seed) => scoresOf(name, splitter, seed)));
    const { training, heldOut } = recorded[name][splitter];
    expect(Math.abs(mean(scores.map((score) => score.training)) - training)).toBeLessThan(0.02);
    expect(Math.abs(mean(scores.map((score) => score.heldOut)) - heldOut)).toBeLessThan(0.02);
  });
});
