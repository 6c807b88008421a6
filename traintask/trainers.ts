/** Options of the built-in trainers, by scikit-learn's names in camelCase and with its meanings. */
import * as z from "zod";
import { listByKey } from "./collections.ts";
import { text } from "./text.ts";

/** No floats in the API: a decimal number of at least 0, as text. */
const decimal = () => text(20, { pattern: /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,10})?$/ });

const classWeightSchema = z
  .object({
    label: text(256).describe("A class, as written in the data"),
    weight: decimal().describe("What each of its rows counts"),
  })
  .describe("The weight of a class");

export const randomForestSchema = z
  .object({
    engine: z
      .enum(["histogram", "ml-random-forest"])
      .default("histogram")
      .describe(
        "What grows the trees: `histogram`, ours; `ml-random-forest`, the library of that name, for small data",
      ),
    nEstimators: z.int32().min(1).max(100_000).default(100).describe("Number of trees"),
    criterion: z
      .enum(["gini", "entropy", "squaredError", "poisson"])
      .optional()
      .describe("What a split makes smaller: `gini` (default) or `entropy`; `squaredError` (default) or `poisson`"),
    maxDepth: z.int32().min(1).max(1000).optional().describe("Largest depth of a tree; unlimited if absent"),
    minSamplesSplit: z.int32().min(2).max(1_000_000).default(2).describe("Fewest rows of a node that may be split"),
    minSamplesLeaf: z.int32().min(1).max(1_000_000).default(1).describe("Fewest rows of a leaf"),
    maxLeafNodes: z
      .int32()
      .min(2)
      .max(10_000_000)
      .optional()
      .describe("Most leaves of a tree, the best splits first; unlimited if absent"),
    minImpurityDecrease: decimal()
      .default("0")
      .describe("Least decrease of impurity, weighted, for which a node is split"),
    maxFeatures: text(16, { pattern: /^(sqrt|log2|all|[1-9][0-9]{0,5}|([1-9][0-9]?|100)%)$/ })
      .optional()
      .describe(
        "Columns tried at each split: `sqrt`, `log2`, `all`, `5`, `30%`; default sqrt for classes, all for numbers",
      ),
    splitter: z
      .enum(["best", "random"])
      .default("best")
      .describe("`random` draws one threshold a column (extremely randomised trees)"),
    bootstrap: z
      .boolean()
      .optional()
      .describe("Whether each tree draws its rows with replacement; default true, and false with `splitter: random`"),
    maxSamples: text(16, { pattern: /^([1-9][0-9]{0,9}|([1-9][0-9]?|100)%)$/ })
      .optional()
      .describe("Rows drawn for each tree when bootstrapping: `500`, `50%`; default all"),
    classWeight: z
      .enum(["none", "balanced", "balancedSubsample"])
      .default("none")
      .describe("`balanced`: rows of rare classes count more; `balancedSubsample`: by the rows that each tree drew"),
    classWeights: listByKey(classWeightSchema, { key: "label", max: 1000 })
      .optional()
      .describe("Weights of classes; a class that is not named counts 1"),
  })
  .describe("A random forest");
export type RandomForestSpec = z.output<typeof randomForestSchema>;

export const earlyStoppingSchema = z
  .object({
    validationFraction: text(8, { pattern: /^0\.[0-9]{1,6}$/ })
      .default("0.1")
      .describe("Share of the training rows that is set aside, by the seed, to judge the iterations"),
    nIterNoChange: z.int32().min(1).max(100_000).default(10).describe("Iterations without a better loss that end it"),
    tol: decimal().default("0.0000001").describe("A loss has to be better by more than this to count as better"),
  })
  .describe("Ends the boosting when it no longer gets better");

export const gradientBoostingSchema = z
  .object({
    loss: z
      .enum(["squaredError", "absoluteError", "logLoss"])
      .optional()
      .describe("`squaredError` (default for numbers), `absoluteError`; `logLoss` for classes"),
    learningRate: decimal().default("0.1").describe("What each tree's answer is multiplied with; more than 0"),
    maxIter: z.int32().min(1).max(100_000).default(100).describe("Iterations: trees, or of K > 2 classes K trees each"),
    maxLeafNodes: z.int32().min(2).max(10_000).default(31).describe("Most leaves of a tree"),
    maxDepth: z.int32().min(1).max(1000).optional().describe("Largest depth of a tree; unlimited if absent"),
    minSamplesLeaf: z.int32().min(1).max(1_000_000).default(20).describe("Fewest rows of a leaf"),
    l2Regularization: decimal().default("0").describe("L2 penalty of leaves"),
    maxBins: z.int32().min(2).max(255).default(255).describe("Most bins of a column, without that of missing values"),
    earlyStopping: earlyStoppingSchema.optional(),
  })
  .describe("Histogram-based gradient boosting");
export type GradientBoostingSpec = z.output<typeof gradientBoostingSchema>;
