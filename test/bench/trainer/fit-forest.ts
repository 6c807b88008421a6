/** A cold fit of our forest: see fitted.ts. */
import type { HeaderLine } from "../../../model/format.ts";
import { writeLine } from "../../../model/write.ts";
import { randomForestSchema } from "../../../traintask/trainers.ts";
import { prepareForest } from "../../../trainer/forest/forest.ts";
import { commonHeader, fitted } from "./fitted.ts";

await fitted((input, { rounds, maxFeatures }) => {
  const options = randomForestSchema.parse({ nEstimators: rounds, maxFeatures });
  const forest = prepareForest({ ...input, options });
  const header: HeaderLine = { ...commonHeader, trainer: "randomForest", ...forest.header };
  return [writeLine(header), ...Array.from({ length: rounds }, (_, tree) => writeLine(forest.growTree(tree)))];
});
