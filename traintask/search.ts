/** What a search over pipelines may be told, in TPOT's words; scorers and operators in scikit-learn's. */
import * as z from "zod";
import { setOf } from "./collections.ts";
import { operatorNames } from "./operators.ts";
import { text } from "./text.ts";

/** No floats in the API: from 0 to 1, as text. */
const rate = () => text(8, { pattern: /^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$/ });

/** Greater is better in each of them. */
export const scorers = {
  regression: ["neg_mean_squared_error", "neg_root_mean_squared_error", "neg_mean_absolute_error", "r2"],
  classification: ["accuracy", "balanced_accuracy", "f1_macro", "roc_auc", "roc_auc_ovr", "neg_log_loss"],
} as const;
export type Scorer = (typeof scorers)["regression" | "classification"][number];

export const searchSchema = z
  .object({
    strategy: z
      .enum(["evolution", "random", "halving"])
      .default("evolution")
      .describe(
        "`evolution`: genetic programming as in TPOT; `random`: pipelines at random; `halving`: many small ensembles, the better half of which grows",
      ),
    generations: z.int32().min(1).max(1000).default(10).describe("Generations after the first population"),
    populationSize: z
      .int32()
      .min(2)
      .max(1000)
      .default(20)
      .describe("Pipelines that are kept from generation to generation"),
    offspringSize: z
      .int32()
      .min(1)
      .max(1000)
      .optional()
      .describe("Pipelines that each generation makes; default populationSize"),
    mutationRate: rate().default("0.9").describe("Share of the offspring that is made by changing one pipeline"),
    crossoverRate: rate().default("0.1").describe("Share of the offspring that is made of two pipelines"),
    scoring: z
      .enum([...scorers.regression, ...scorers.classification])
      .optional()
      .describe("What is made greater; default neg_mean_squared_error for numbers, accuracy for classes"),
    cv: z.int32().min(2).max(20).default(5).describe("Folds of the cross-validation"),
    maxTimeSeconds: z
      .int32()
      .min(1)
      .max(2_592_000)
      .optional()
      .describe("The search ends with its best pipeline so far after so much time, all attempts together"),
    maxEvalTimeSeconds: z
      .int32()
      .min(1)
      .max(86_400)
      .default(300)
      .describe("A pipeline that takes longer is given up; the search goes on"),
    earlyStop: z
      .int32()
      .min(1)
      .max(1000)
      .optional()
      .describe("Generations without a better score after which the search ends"),
    preset: z
      .enum(["default", "light"])
      .default("default")
      .describe("Which operators pipelines are made of: all, or only quick ones"),
    operators: setOf(operatorNames, { max: 64 })
      .optional()
      .describe("Which operators pipelines are made of, by name, instead of a preset"),
  })
  .describe("A search for the best pipeline of preprocessing and model");
export type SearchSpec = z.output<typeof searchSchema>;
