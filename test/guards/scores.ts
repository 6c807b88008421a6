/** Guards of the scores, the report, and the engine for small data. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "the logarithm of a probability of 0 is not taken",
    file: "trainer/probability-scores.ts",
    find: "Math.min(1 - least, Math.max(least, share))",
    replace: "share",
    test: "trainer/probability-scores.test.ts",
  },
  {
    name: "ties of probabilities are half a pair",
    file: "trainer/probability-scores.ts",
    find: "halves += below + notAbove;",
    replace: "halves += 2 * below;",
    test: "trainer/probability-scores.test.ts",
  },
  {
    name: "a class without a row has no ROC curve",
    file: "trainer/probability-scores.ts",
    find: "if (count === 0 || count === truth.length) return undefined;",
    replace: "",
    test: "trainer/probability-scores.test.ts",
  },
  {
    name: "rows without an answer are not scored",
    file: "trainer/scores.ts",
    find: "!Number.isNaN(outputs[place * width]!)",
    replace: "place >= 0",
    test: "trainer/report.test.ts",
  },
  {
    name: "boosting answers by its best iteration",
    file: "trainer/answers.ts",
    find: "else if (before === line.iteration - 1) kept = sums.slice();",
    replace: "",
    test: "trainer/held-out.test.ts",
  },
  {
    name: "a better iteration takes the place of the best one",
    file: "trainer/answers.ts",
    find: "if (best.iteration === line.iteration) kept = undefined;",
    replace: "if (best.iteration === line.iteration) kept ??= undefined;",
    test: "trainer/held-out.test.ts",
  },
  {
    name: "a category that the header does not know is missing",
    file: "trainer/encoded-rows.ts",
    find: "return known === undefined || known < 0 ? missingCode : known;",
    replace: "return known === undefined ? missingCode : Math.max(0, known);",
    test: "trainer/held-out.test.ts",
  },
  {
    name: "one column at a time is shuffled",
    file: "trainer/permutation.ts",
    find: "    cells.set(original, column * rows);\n",
    replace: "",
    test: "trainer/permutation.test.ts",
  },
  {
    name: "the cost of shuffling is bounded by the number of trees",
    file: "trainer/permutation.ts",
    find: "    Math.floor(maxWalks / (blocks * trees)),\n",
    replace: "",
    test: "trainer/permutation.test.ts",
  },
  {
    name: "shuffled rows are answered by the best iteration",
    file: "trainer/permutation.ts",
    find: "lines.slice(0, (best.iteration ?? -1) + 1)",
    replace: "lines.slice(0)",
    test: "trainer/permutation.test.ts",
  },
  {
    name: "the curve has at most 20 points",
    file: "trainer/curve.ts",
    find: "    this.#stride *= 2;\n",
    replace: "",
    test: "trainer/scoreboard.test.ts",
  },
];
