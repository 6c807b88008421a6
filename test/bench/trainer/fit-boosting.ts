/** A cold fit of our boosting: see fitted.ts. */
import type { HeaderLine } from "../../../model/format.ts";
import { writeLine } from "../../../model/write.ts";
import { gradientBoostingSchema } from "../../../traintask/trainers.ts";
import { prepareBoosting } from "../../../trainer/boosting/boosting.ts";
import { commonHeader, fitted } from "./fitted.ts";

await fitted((input, { rounds }) => {
  const boosting = prepareBoosting({ ...input, options: gradientBoostingSchema.parse({ maxIter: rounds }) });
  const header: HeaderLine = { ...commonHeader, trainer: "gradientBoosting", ...boosting.header };
  const lines = [writeLine(header)];
  for (let line = boosting.grow(); line !== undefined; line = boosting.grow()) lines.push(writeLine(line));
  return lines;
});
