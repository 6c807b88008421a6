/**
 * The stream `trials` of a search: a line of JSON for each pipeline that was tried, in the order in which the trials ended.
 * The trainer writes them and takes them up again after a break; the API serves them.
 */
import * as z from "zod";

/** Later trainers may say more of a trial: readers leave alone what they do not know. */
export const trialSchema = z
  .looseObject({
    kind: z.literal("trial"),
    trial: z.int().min(0).describe("Number of the trial, in the order in which the search asked for it"),
    generation: z.int().min(0).describe("0 is the first population"),
    pipeline: z.string().min(1).describe("`standardScaler > ridge(alpha=1)`"),
    origin: z.enum(["random", "mutation", "crossover", "promotion"]).describe("How the pipeline came about"),
    parents: z.array(z.int().min(0)).describe("Trials that it was made of"),
    members: z.int().min(1).optional().describe("Of halving: how many members its ensemble had; absent: all"),
    size: z.int().min(1).describe("Steps of the pipeline"),
    scores: z.array(z.number()).optional().describe("One for each fold; greater is better"),
    score: z.number().optional().describe("Their mean; absent where the trial failed"),
    seconds: z.number().min(0).describe("How long it took"),
    best: z.boolean().optional().describe("Whether it was better than all trials that ended before it"),
    error: z
      .object({
        cause: z.enum(["time", "memory", "crash", "error"]),
        message: z.string().describe("What went wrong, for a person"),
      })
      .optional()
      .describe("Why the trial failed"),
  })
  .describe("A pipeline that a search has tried");
export type Trial = z.infer<typeof trialSchema>;
