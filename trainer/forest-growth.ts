/** The trees of a forest, each from the data, the options, the seed and its index alone. */
import { writeLine } from "../model/write.ts";
import { ConfigurationError } from "./errors.ts";
import { type ForestInput, ForestOptionError, prepareForest } from "./forest/forest.ts";
import type { Growth } from "./growth.ts";

/** @throws ConfigurationError naming the option that does not fit the data */
export function forestGrowth(input: ForestInput): Growth {
  const prepare = (): ReturnType<typeof prepareForest> => orRefuse(() => prepareForest(input));
  const forest = prepare();
  return {
    header: { trainer: "randomForest", ...forest.header },
    unit: "trees",
    total: input.options.nEstimators,
    ahead: 2,
    async grow(index) {
      const line = forest.growTree(index);
      return { line, text: writeLine(line) };
    },
    take: () => undefined,
    votes: prepare,
    close: async () => undefined,
  };
}

function orRefuse<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof ForestOptionError)) throw error;
    throw new ConfigurationError(`spec.trainer.randomForest.${error.message}`, { cause: error });
  }
}
