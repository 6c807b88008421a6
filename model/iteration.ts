/** An `iteration` line of boosting, checked against its header: nothing of it is believed before. */
import { LineError } from "./errors.ts";
import { asFields, finite, integer, list } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { BoostedTree, BoostingHeaderLine, IterationLine, ModelColumn } from "./format.ts";
import { parseBinShape, parseImportance } from "./shape.ts";

/** @throws {LineError} naming the field that is wrong */
export function parseIteration(fields: Fields, header: BoostingHeaderLine): IterationLine {
  const { columns, gradientBoosting } = header;
  const { maxIter, baseline } = gradientBoosting;
  const trees = list(fields, "trees");
  if (trees.length !== baseline.length)
    throw new LineError(`trees has ${trees.length} entries, the header's baseline has ${baseline.length}`);
  return {
    kind: "iteration",
    iteration: integer(fields, "iteration", { min: 0, max: maxIter - 1 }),
    trees: trees.map((tree, index) => parseBoostedTree(tree, index, columns)),
    loss: parseLoss(fields.loss),
    importance: parseImportance(fields, columns),
  };
}

function parseBoostedTree(value: unknown, index: number, columns: readonly ModelColumn[]): BoostedTree {
  try {
    const fields = asFields(value);
    return { ...parseBinShape(fields, columns), value: finite(fields, "value") };
  } catch (cause) {
    if (!(cause instanceof LineError)) throw cause;
    throw new LineError(`trees[${index}]: ${cause.message}`);
  }
}

function parseLoss(value: unknown): IterationLine["loss"] {
  if (value === undefined) throw new LineError("loss is missing");
  const { train, validation } = asFields(value);
  if (!isFinite(train)) throw new LineError("loss.train must be a finite number");
  if (validation === undefined) return { train };
  if (!isFinite(validation)) throw new LineError("loss.validation must be a finite number, or absent");
  return { train, validation };
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);
