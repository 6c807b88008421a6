/** The iterations of a boosting: each needs those before it, so they are grown one after the other on this thread. */
import { writeLine } from "../model/write.ts";
import { type BoostingInput, BoostingOptionError, prepareBoosting } from "./boosting/boosting.ts";
import { ConfigurationError } from "./errors.ts";
import type { Growth } from "./growth.ts";

/** @throws ConfigurationError naming the option that does not fit the data */
export function boostingGrowth(input: BoostingInput): Growth {
  const boosting = orRefuse(() => prepareBoosting(input));
  return {
    header: { trainer: "gradientBoosting", ...boosting.header },
    unit: "iterations",
    total: input.options.maxIter,
    ahead: 2,
    async grow() {
      const line = boosting.grow();
      return line && { line, text: writeLine(line) };
    },
    async take(line) {
      if (line.kind === "iteration") boosting.replay(line);
      return { line };
    },
    votes: () => undefined,
    close: async () => undefined,
  };
}

function orRefuse<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof BoostingOptionError)) throw error;
    throw new ConfigurationError(`spec.trainer.gradientBoosting.${error.message}`, { cause: error });
  }
}
