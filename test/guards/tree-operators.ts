/** Guards of the trees and ensembles that a search makes. */
import type { Guard } from "./guard.ts";

const grow = "trainer/operators/trees/grow.test.ts";
const ground = "trainer/operators/trees/ground.test.ts";
const steps = "model/steps/trees.test.ts";
const hard = "trainer/operators/hard-data.test.ts";

export const guards: Guard[] = [
  {
    name: "a side of a cut has as many rows as a leaf must have",
    file: "trainer/operators/trees/mean-criterion.ts",
    find: "if (i < minimum) continue;",
    replace: "",
    test: grow,
  },
  {
    name: "a random cut that leaves a side too small is none",
    file: "trainer/operators/trees/class-criterion.ts",
    find: "if (count < this.minSamplesLeaf || size - count < this.minSamplesLeaf) return -Infinity;",
    replace: "",
    test: grow,
  },
  {
    name: "rows with equal numbers go the same way",
    file: "trainer/operators/trees/mean-criterion.ts",
    find: "if (next === number) continue;",
    replace: "",
    test: grow,
  },
  {
    name: "a column is constant in a node only as long as the node is looked at",
    file: "trainer/operators/trees/grow.ts",
    find: "this.#forget(open.pop()!);",
    replace: "open.pop();",
    test: grow,
  },
  {
    name: "columns are drawn on until one varies",
    file: "trainer/operators/trees/grow.ts",
    find: "(tried < columnsPerSplit || varying === 0)",
    replace: "tried < columnsPerSplit",
    test: grow,
  },
  {
    name: "a threshold with few digits parts the same rows",
    file: "trainer/operators/trees/short.ts",
    find: "if (rounded >= low && rounded < high) return rounded;",
    replace: "if (rounded >= low) return rounded;",
    test: ground,
  },
  {
    name: "numbers too small for few digits keep theirs",
    file: "trainer/operators/trees/short.ts",
    find: "return range * scale < steps ? 0 : scale;",
    replace: "return scale;",
    test: ground,
  },
  {
    name: "what a node marks is not left for the next one",
    file: "trainer/operators/trees/node-column.ts",
    find: "words[word] = 0;",
    replace: "",
    test: ground,
  },
  {
    name: "squares do not swallow what differs",
    file: "trainer/operators/trees/centred.ts",
    find: "(value) => (value - mean) / unit",
    replace: "(value) => value / unit",
    test: grow,
  },
  {
    name: "a target that is too far apart is refused",
    file: "trainer/operators/trees/centred.ts",
    find: "if (!Number.isFinite(range)) throw",
    replace: "if (range === undefined) throw",
    test: "trainer/operators/trees/refused.test.ts",
  },
  {
    name: "trees whose sum is not finite are refused",
    file: "trainer/operators/trees/forest.ts",
    find: "value.flat().map((number) => number * trees),",
    replace: "value.flat(),",
    test: hard,
  },
  {
    name: "trees of boosting that are there already are not grown again",
    file: "trainer/operators/gradient-boosting.ts",
    find: "first < known.length ?",
    replace: "first < 0 ?",
    test: "trainer/operators/growing.test.ts",
  },
  {
    name: "a tree of a model file ends where its list ends",
    file: "model/steps/trees.ts",
    find: 'if (feature.length === 0 || !endsWithATree(feature)) throw new LineError("feature ends before its last tree does");',
    replace: "",
    test: steps,
  },
  {
    name: "a tree of a model file has a threshold for each split",
    file: "model/steps/trees.ts",
    find: "if (threshold.length !== splits)",
    replace: "if (threshold.length < 0)",
    test: steps,
  },
  {
    name: "an iteration of boosting has a tree for each score",
    file: "model/steps/gradient-boosting.ts",
    find: "if (trees.roots.length % baseline.length !== 0)",
    replace: "if (trees.roots.length < 0)",
    test: steps,
  },
  {
    name: "votes without weight are refused",
    file: "model/steps/ada-boost.ts",
    find: "if (weight.some((w) => w <= 0))",
    replace: "if (weight.length < 0)",
    test: steps,
  },
];
