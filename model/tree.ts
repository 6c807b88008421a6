/**
 * A `tree` line, checked against its header so well that whoever walks it needs no bounds of its own: three arrays in
 * preorder that describe exactly one binary tree, with columns, bins and classes that exist.
 */
import { LineError } from "./errors.ts";
import { finite, integer, integers, isInteger, list } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { HeaderLine, TreeLine } from "./format.ts";

/** @throws {LineError} naming the field that is wrong */
export function parseTree(fields: Fields, header: HeaderLine): TreeLine {
  const tree = integer(fields, "tree", { min: 0, max: header.randomForest.nEstimators - 1 });
  const feature = integers(fields, "feature", { min: -1, max: header.columns.length - 1 });
  const bin = integers(fields, "bin", { min: 0, max: 254 });
  const value = list(fields, "value");
  checkShape(feature, { splits: bin.length, leaves: value.length });
  checkBins(feature, bin, header);
  checkValues(value, header);
  const missingLeft = parseMissingLeft(fields, bin.length);
  return {
    kind: "tree",
    tree,
    feature,
    bin,
    ...(missingLeft === undefined ? {} : { missingLeft }),
    value: value as TreeLine["value"],
    importance: parseImportance(fields, header),
  };
}

/** Preorder is one tree exactly when the number of subtrees still open first reaches 0 at the last node. */
function checkShape(feature: readonly number[], counts: { splits: number; leaves: number }): void {
  let open = 1;
  let splits = 0;
  for (const column of feature) {
    if (open === 0) throw new LineError("feature goes on after its tree is complete");
    if (column >= 0) splits++;
    open += column >= 0 ? 1 : -1;
  }
  if (open !== 0) throw new LineError("feature ends before its tree is complete");
  if (splits !== counts.splits) throw new LineError(`feature has ${splits} splits, bin has ${counts.splits}`);
  if (splits + 1 !== counts.leaves) throw new LineError(`feature has ${splits + 1} leaves, value has ${counts.leaves}`);
}

function checkBins(feature: readonly number[], bin: readonly number[], header: HeaderLine): void {
  let split = 0;
  for (const index of feature) {
    if (index < 0) continue;
    const column = header.columns[index]!;
    const last = column.type === "number" ? column.edges.length : column.categories.length - 1;
    if (bin[split]! > last)
      throw new LineError(`bin[${split}] is ${bin[split]}, column ${JSON.stringify(column.name)} ends at ${last}`);
    split++;
  }
}

function checkValues(value: readonly unknown[], header: HeaderLine): void {
  const classes = header.classes?.length;
  value.forEach((leaf, i) => {
    if (classes === undefined) {
      if (!Number.isFinite(leaf)) throw new LineError(`value[${i}] must be a finite number`);
    } else if (!isClass(leaf, classes) && !isDistribution(leaf, classes)) {
      throw new LineError(
        `value[${i}] must be a class or [class, weight, ...] with classes ascending below ${classes}`,
      );
    }
  });
}

const isClass = (leaf: unknown, classes: number): boolean => isInteger(leaf, 0, classes - 1);

function isDistribution(leaf: unknown, classes: number): boolean {
  if (!Array.isArray(leaf) || leaf.length === 0 || leaf.length % 2 !== 0) return false;
  let previous = -1;
  for (let i = 0; i < leaf.length; i += 2) {
    if (!isInteger(leaf[i], previous + 1, classes - 1) || !isInteger(leaf[i + 1], 1, Number.MAX_SAFE_INTEGER))
      return false;
    previous = leaf[i] as number;
  }
  return true;
}

function parseMissingLeft(fields: Fields, splits: number): readonly number[] | undefined {
  if (fields.missingLeft === undefined) return undefined;
  const indices = integers(fields, "missingLeft", { min: 0, max: splits - 1 });
  if (!ascends(indices)) throw new LineError("missingLeft must ascend");
  return indices;
}

function parseImportance(fields: Fields, header: HeaderLine): readonly number[] {
  const pairs = finite(fields, "importance");
  const columns = pairs.filter((_, i) => i % 2 === 0);
  if (pairs.length % 2 !== 0) throw new LineError("importance must be pairs of column and decrease");
  if (!columns.every((column) => isInteger(column, 0, header.columns.length - 1)) || !ascends(columns))
    throw new LineError("importance must name columns that exist, ascending");
  if (pairs.some((decrease, i) => i % 2 === 1 && decrease < 0))
    throw new LineError("importance holds a negative decrease");
  return pairs;
}

const ascends = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || values[i - 1]! < value);
