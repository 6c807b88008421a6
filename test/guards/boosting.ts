/** Guards of gradient boosting. */
import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "a stored line has to lead to exactly the loss that it states",
    file: "trainer/boosting/boosting.ts",
    find: "if (train === line.loss.train && validation === line.loss.validation) return;",
    replace: "if (Math.abs(train - line.loss.train) < 1e-12 * train) return;",
    test: "trainer/boosting/options.test.ts",
  },
  {
    name: "a number that is none never goes into a model",
    file: "trainer/boosting/errors.ts",
    find: "if (!Number.isFinite(value)) throw",
    replace: "if (value === undefined) throw",
    test: "trainer/boosting/options.test.ts",
  },
  {
    name: "-0 is written as 0",
    file: "trainer/boosting/errors.ts",
    find: "return value + 0;",
    replace: "return value;",
    test: "trainer/boosting/properties.test.ts",
  },
  {
    name: "a loss of the other kind of target is refused",
    file: "trainer/boosting/options.ts",
    find: 'if (forClasses && loss !== "logLoss")',
    replace: 'if (forClasses && loss === "logLoss")',
    test: "trainer/boosting/options.test.ts",
  },
  {
    name: "a gain that rounding makes of 0 is none",
    file: "trainer/boosting/split-search.ts",
    find: "own + own * noise",
    replace: "own * (1 - noise)",
    test: "trainer/boosting/noise.test.ts",
  },
  {
    name: "of equal cuts the first one counts",
    file: "trainer/boosting/split-search.ts",
    find: "if (score <= best) continue;",
    replace: "if (score < best) continue;",
    test: "trainer/boosting/grow.test.ts",
  },
  {
    name: "gradients are integers, so sums of them are exact",
    file: "trainer/boosting/content.ts",
    find: "content[2 * row + 1] = gradient[row]! * scales.gradient + rounder - rounder;",
    replace: "content[2 * row + 1] = gradient[row]! * scales.gradient * (1 / 3);",
    test: "trainer/boosting/properties.test.ts",
  },
  {
    name: "losses are added up exactly, whatever the order of rows",
    file: "trainer/boosting/fixed-point.ts",
    find: "sum += values[i]! * scale + rounder - rounder;",
    replace: "sum += values[i]! * scale;",
    test: "trainer/boosting/properties.test.ts",
  },
  {
    name: "a node without room for its histogram has both children's filled",
    file: "trainer/boosting/grow.ts",
    find: "if (node.slot < 0) this.#fill(larger);",
    replace: "if (node.slot < 0) this.#fill(smaller);",
    test: "trainer/boosting/grow.test.ts",
  },
  {
    name: "rows of weight 0 are as if they were not there",
    file: "trainer/boosting/data-rows.ts",
    find: "rows.filter((row) => weights[row]! > 0)",
    replace: "rows",
    test: "trainer/boosting/properties.test.ts",
  },
  {
    name: "missing values go left where the cut says so",
    file: "trainer/boosting/kernels.ts",
    find: "const shift = missingLeft ? 1 : 0;",
    replace: "const shift = missingLeft ? 0 : 0;",
    test: "trainer/boosting/kernels.test.ts",
  },
  {
    name: "early stopping compares with the loss before the last ones",
    file: "trainer/boosting/early-stopping.ts",
    find: "losses.at(-nIterNoChange - 1)",
    replace: "losses.at(-nIterNoChange)",
    test: "trainer/boosting/early-stopping.test.ts",
  },
];
