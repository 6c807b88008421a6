/**
 * The `end` line: what is known only once all trees are there. It follows from the header and the tree lines alone, in
 * order of their index, so whoever seals a model, and however often, writes the same bytes.
 */
import { LineError, ModelFormatError } from "./errors.ts";
import { finite, integer, isInteger, list } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { EndLine, HeaderLine, TreeLine } from "./format.ts";

export interface EndBuilder {
  /** Takes the trees in ascending order of their index; throws a ModelFormatError for any other. */
  add(tree: TreeLine): void;
  /** The line for the trees added so far. */
  finish(): EndLine;
}

export function endBuilder(header: HeaderLine): EndBuilder {
  const { nEstimators } = header.randomForest;
  const sums = new Float64Array(header.columns.length);
  const missing: [number, number][] = [];
  let trees = 0;
  let next = 0;
  return {
    add(tree) {
      if (tree.tree < next || tree.tree >= nEstimators)
        throw new ModelFormatError(`tree ${tree.tree} stands where tree ${next} to ${nEstimators - 1} is expected`);
      if (tree.tree > next) missing.push([next, tree.tree - 1]);
      next = tree.tree + 1;
      trees++;
      for (let i = 0; i < tree.importance.length; i += 2) {
        sums[tree.importance[i]!] = sums[tree.importance[i]!]! + tree.importance[i + 1]!;
      }
    },
    finish() {
      const ranges: [number, number][] = next < nEstimators ? [...missing, [next, nEstimators - 1]] : missing;
      const total = sums.reduce((sum, value) => sum + value, 0);
      const importances = Array.from(sums, (sum) => (total > 0 ? sum / total : 0));
      return { kind: "end", trees, ...(ranges.length > 0 ? { missing: ranges } : {}), importances };
    },
  };
}

/** @throws {LineError} naming the field that is wrong */
export function parseEnd(fields: Fields, header: HeaderLine): EndLine {
  const { nEstimators } = header.randomForest;
  const importances = finite(fields, "importances");
  if (importances.length !== header.columns.length)
    throw new LineError(`importances has ${importances.length} entries for ${header.columns.length} columns`);
  const trees = integer(fields, "trees", { min: 0, max: nEstimators });
  if (fields.missing === undefined) {
    if (trees < nEstimators) throw new LineError(`trees is ${trees} of ${nEstimators}, but missing is absent`);
    return { kind: "end", trees, importances };
  }
  const missing = parseMissing(list(fields, "missing"), nEstimators);
  const absent = missing.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (trees + absent !== nEstimators)
    throw new LineError(`${trees} trees and ${absent} missing are not ${nEstimators}`);
  return { kind: "end", trees, missing, importances };
}

function parseMissing(ranges: readonly unknown[], nEstimators: number): readonly (readonly [number, number])[] {
  let next = 0;
  return ranges.map((range) => {
    if (!Array.isArray(range) || range.length !== 2) throw new LineError("missing must hold [first, last] ranges");
    const [first, last]: unknown[] = range;
    if (!isInteger(first, next, nEstimators - 1) || !isInteger(last, first, nEstimators - 1))
      throw new LineError(`missing must hold ascending ranges below ${nEstimators}`);
    next = last + 1;
    return [first, last];
  });
}
