/**
 * The `end` line: what is known only once all lines are there. It follows from the header and those lines alone, in
 * order of their index, so whoever seals a model, and however often, writes the same bytes.
 */
import { bestIteration } from "./best-iteration.ts";
import { LineError, ModelFormatError } from "./errors.ts";
import { finite, integer, isInteger, list } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type {
  BodyLine,
  BoostingEndLine,
  BoostingHeaderLine,
  EndLine,
  ForestEndLine,
  ForestHeaderLine,
  HeaderLine,
  SearchEndLine,
  SearchHeaderLine,
  TreesHeaderLine,
} from "./format.ts";

export interface EndBuilder<End extends EndLine = EndLine> {
  /**
   * Takes trees in ascending order of their index, iterations and steps from 0 on without a gap.
   * @throws {ModelFormatError} for any other line
   */
  add(line: BodyLine): void;
  /** The line for what was added so far. */
  finish(): End;
}

export function endBuilder(header: ForestHeaderLine): EndBuilder<ForestEndLine>;
export function endBuilder(header: BoostingHeaderLine): EndBuilder<BoostingEndLine>;
export function endBuilder(header: TreesHeaderLine): EndBuilder<ForestEndLine | BoostingEndLine>;
export function endBuilder(header: SearchHeaderLine): EndBuilder<SearchEndLine>;
export function endBuilder(header: HeaderLine): EndBuilder;
export function endBuilder(header: HeaderLine): EndBuilder {
  switch (header.trainer) {
    case "randomForest":
      return forestEnd(header);
    case "gradientBoosting":
      return boostingEnd(header);
    case "search":
      return searchEnd(header);
  }
}

function forestEnd({ columns, randomForest: { nEstimators } }: ForestHeaderLine): EndBuilder<ForestEndLine> {
  const sums = columnSums(columns.length);
  const missing: [number, number][] = [];
  let trees = 0;
  let next = 0;
  return {
    add(line) {
      if (line.kind !== "tree") throw misplaced(line, "a tree");
      if (line.tree < next || line.tree >= nEstimators)
        throw new ModelFormatError(`tree ${line.tree} stands where tree ${next} to ${nEstimators - 1} is expected`);
      if (line.tree > next) missing.push([next, line.tree - 1]);
      next = line.tree + 1;
      trees++;
      sums.add(line.importance);
    },
    finish() {
      const ranges: [number, number][] = next < nEstimators ? [...missing, [next, nEstimators - 1]] : missing;
      return { kind: "end", trees, ...(ranges.length > 0 ? { missing: ranges } : {}), importances: sums.shares() };
    },
  };
}

function boostingEnd({ columns, gradientBoosting: { maxIter } }: BoostingHeaderLine): EndBuilder<BoostingEndLine> {
  const sums = columnSums(columns.length);
  const best = bestIteration();
  let iterations = 0;
  let validated: boolean | undefined;
  return {
    add(line) {
      if (line.kind !== "iteration") throw misplaced(line, "an iteration");
      if (line.iteration !== iterations || iterations >= maxIter)
        throw new ModelFormatError(
          iterations < maxIter
            ? `iteration ${line.iteration} stands where iteration ${iterations} is expected`
            : `iteration ${line.iteration} follows the last one, ${maxIter - 1}`,
        );
      const hasValidation = line.loss.validation !== undefined;
      validated ??= hasValidation;
      if (hasValidation !== validated)
        throw new ModelFormatError("loss.validation must stand in every iteration or in none");
      iterations++;
      best.add(line);
      sums.add(line.importance);
    },
    finish() {
      const { iteration } = best;
      const bestOf = iteration === undefined ? {} : { bestIteration: iteration };
      return { kind: "end", iterations, ...bestOf, importances: sums.shares() };
    },
  };
}

function searchEnd({ search }: SearchHeaderLine): EndBuilder<SearchEndLine> {
  let steps = 0;
  return {
    add(line) {
      if (line.kind !== "step") throw misplaced(line, "a step");
      if (line.step !== steps)
        throw new ModelFormatError(
          steps < search.steps
            ? `step ${line.step} stands where step ${steps} is expected`
            : `step ${line.step} follows the last one, ${search.steps - 1}`,
        );
      steps++;
    },
    finish: () => ({ kind: "end", steps }),
  };
}

function misplaced(line: BodyLine, expected: string): ModelFormatError {
  return new ModelFormatError(`is of kind "${line.kind}", where ${expected} should be`);
}

/** Adds up what lines say of columns, `[column, amount, ...]`, in the order in which they come. */
function columnSums(columns: number): { add(pairs: readonly number[]): void; shares(): number[] } {
  const sums = new Float64Array(columns);
  return {
    add(pairs) {
      for (let i = 0; i < pairs.length; i += 2) sums[pairs[i]!] = sums[pairs[i]!]! + pairs[i + 1]!;
    },
    shares() {
      const total = sums.reduce((sum, value) => sum + value, 0);
      return Array.from(sums, (sum) => (total > 0 ? sum / total : 0));
    },
  };
}

/** @throws {LineError} naming the field that is wrong */
export function parseEnd(fields: Fields, header: HeaderLine): EndLine {
  if (header.trainer === "search") {
    const { steps } = header.search;
    return { kind: "end", steps: integer(fields, "steps", { min: steps, max: steps }) };
  }
  const importances = finite(fields, "importances");
  if (importances.length !== header.columns.length)
    throw new LineError(`importances has ${importances.length} entries for ${header.columns.length} columns`);
  return header.trainer === "randomForest"
    ? parseForestEnd(fields, header.randomForest.nEstimators, importances)
    : parseBoostingEnd(fields, header.gradientBoosting.maxIter, importances);
}

function parseForestEnd(fields: Fields, nEstimators: number, importances: readonly number[]): ForestEndLine {
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

function parseBoostingEnd(fields: Fields, maxIter: number, importances: readonly number[]): BoostingEndLine {
  const iterations = integer(fields, "iterations", { min: 0, max: maxIter });
  if (iterations === 0) return { kind: "end", iterations, importances };
  const best = integer(fields, "bestIteration", { min: 0, max: iterations - 1 });
  return { kind: "end", iterations, bestIteration: best, importances };
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
