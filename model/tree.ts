/** A `tree` line of a forest, checked against its header: nothing of it is believed before. */
import { LineError } from "./errors.ts";
import { integer, isInteger, list } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { ForestHeaderLine, TreeLine } from "./format.ts";
import { parseBinShape, parseImportance, parseThresholdShape } from "./shape.ts";

/** @throws {LineError} naming the field that is wrong */
export function parseTree(fields: Fields, header: ForestHeaderLine): TreeLine {
  const { columns, classes, randomForest } = header;
  const parseShape = fields.threshold === undefined ? parseBinShape : parseThresholdShape;
  return {
    kind: "tree",
    tree: integer(fields, "tree", { min: 0, max: randomForest.nEstimators - 1 }),
    ...parseShape(fields, columns),
    value: parseValues(list(fields, "value"), classes?.length),
    importance: parseImportance(fields, columns),
  };
}

export function parseValues(value: readonly unknown[], classes: number | undefined): TreeLine["value"] {
  value.forEach((leaf, i) => {
    if (classes === undefined) {
      if (!Number.isFinite(leaf)) throw new LineError(`value[${i}] must be a finite number`);
    } else if (!isInteger(leaf, 0, classes - 1) && !isDistribution(leaf, classes)) {
      throw new LineError(
        `value[${i}] must be a class or [class, weight, ...] with classes ascending below ${classes} and weights above 0`,
      );
    }
  });
  return value as TreeLine["value"];
}

function isDistribution(leaf: unknown, classes: number): boolean {
  if (!Array.isArray(leaf) || leaf.length === 0 || leaf.length % 2 !== 0) return false;
  let previous = -1;
  let total = 0;
  for (let i = 0; i < leaf.length; i += 2) {
    if (!isInteger(leaf[i], previous + 1, classes - 1) || !(leaf[i + 1] > 0)) return false;
    previous = leaf[i] as number;
    total += leaf[i + 1] as number;
  }
  // Shares are weights over their sum.
  return Number.isFinite(total);
}
