/**
 * The shape of a tree, checked against the header's columns so well that whoever walks it needs no bounds of its own:
 * arrays in preorder that describe exactly one binary tree, whose splits are by columns and bins that exist.
 */
import { LineError } from "./errors.ts";
import { finite, integers, isInteger, list } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { BoostedTree, ModelColumn, TreeArrays } from "./format.ts";

export type BinShape = Pick<BoostedTree, "feature" | "bin" | "missingLeft">;
export type ThresholdShape = Required<Pick<TreeArrays, "threshold">> & Omit<BinShape, "bin">;

/** @throws {LineError} naming the field that is wrong */
export function parseBinShape(fields: Fields, columns: readonly ModelColumn[]): BinShape {
  const bin = integers(fields, "bin", { min: 0, max: 254 });
  const feature = parseFeature(fields, { columns, splits: { name: "bin", count: bin.length } });
  checkBins(feature, bin, columns);
  return { feature, bin, ...parseMissingLeft(fields, bin.length) };
}

/** Of a grower without bins. @throws {LineError} naming the field that is wrong */
export function parseThresholdShape(fields: Fields, columns: readonly ModelColumn[]): ThresholdShape {
  if (fields.bin !== undefined) throw new LineError("has both bin and threshold");
  const binned = columns.find((column) => column.type === "number" && column.edges.length > 0);
  if (binned !== undefined)
    throw new LineError(`has a threshold, but column ${JSON.stringify(binned.name)} has edges: then trees have a bin`);
  const threshold = finite(fields, "threshold");
  const feature = parseFeature(fields, { columns, splits: { name: "threshold", count: threshold.length } });
  return { feature, threshold, ...parseMissingLeft(fields, threshold.length) };
}

interface Counts {
  readonly columns: readonly ModelColumn[];
  /** The list that has an entry per split. */
  readonly splits: { readonly name: string; readonly count: number };
}

/** Preorder is one tree exactly when the number of subtrees still open first reaches 0 at the last node. */
function parseFeature(fields: Fields, { columns, splits: { name, count } }: Counts): readonly number[] {
  const feature = integers(fields, "feature", { min: -1, max: columns.length - 1 });
  const leaves = list(fields, "value").length;
  let open = 1;
  let splits = 0;
  for (const column of feature) {
    if (open === 0) throw new LineError("feature goes on after its tree is complete");
    if (column >= 0) splits++;
    open += column >= 0 ? 1 : -1;
  }
  if (open !== 0) throw new LineError("feature ends before its tree is complete");
  if (splits !== count) throw new LineError(`feature has ${splits} splits, ${name} has ${count}`);
  if (splits + 1 !== leaves) throw new LineError(`feature has ${splits + 1} leaves, value has ${leaves}`);
  return feature;
}

function checkBins(feature: readonly number[], bin: readonly number[], columns: readonly ModelColumn[]): void {
  let split = 0;
  for (const index of feature) {
    if (index < 0) continue;
    const column = columns[index]!;
    const last = column.type === "number" ? column.edges.length : column.categories.length - 1;
    if (bin[split]! > last)
      throw new LineError(`bin[${split}] is ${bin[split]}, column ${JSON.stringify(column.name)} ends at ${last}`);
    split++;
  }
}

function parseMissingLeft(fields: Fields, splits: number): Pick<TreeArrays, "missingLeft"> {
  if (fields.missingLeft === undefined) return {};
  const missingLeft = integers(fields, "missingLeft", { min: 0, max: splits - 1 });
  if (!ascends(missingLeft)) throw new LineError("missingLeft must ascend");
  return { missingLeft };
}

/** `[column, amount, ...]`: what a line says of its columns' importance. @throws {LineError} */
export function parseImportance(fields: Fields, columns: readonly ModelColumn[]): readonly number[] {
  const pairs = finite(fields, "importance");
  const named = pairs.filter((_, i) => i % 2 === 0);
  if (pairs.length % 2 !== 0) throw new LineError("importance must be pairs of column and decrease");
  if (!named.every((column) => isInteger(column, 0, columns.length - 1)) || !ascends(named))
    throw new LineError("importance must name columns that exist, ascending");
  if (pairs.some((decrease, i) => i % 2 === 1 && decrease < 0))
    throw new LineError("importance holds a negative decrease");
  return pairs;
}

const ascends = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || values[i - 1]! < value);
