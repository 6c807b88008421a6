/** The trees of the library's forest, as training.ts asks for them. */
import { writeLine } from "../../model/write.ts";
import { ConfigurationError } from "../errors.ts";
import { type ForestInput, ForestOptionError } from "../forest/forest.ts";
import type { Growth } from "../growth.ts";
import { type LibraryForest, prepareLibraryForest } from "./library-forest.ts";

/**
 * @throws ConfigurationError naming the option that does not fit the library or the data
 * @throws DataError for a missing value
 */
export function libraryGrowth(input: ForestInput): Growth {
  const forest = orRefuse(input);
  return {
    header: { trainer: "randomForest", ...forest.header },
    unit: "trees",
    total: input.options.nEstimators,
    ahead: 2,
    async grow(tree) {
      const line = await forest.growTree(tree);
      return { line, text: writeLine(line) };
    },
    take: async (line) => ({ line }),
    votes: () => forest.votes(),
    close: async () => forest.close(),
  };
}

function orRefuse(input: ForestInput): LibraryForest {
  try {
    return prepareLibraryForest(input);
  } catch (error) {
    if (!(error instanceof ForestOptionError)) throw error;
    throw new ConfigurationError(`spec.trainer.randomForest.${error.message}`, { cause: error });
  }
}
