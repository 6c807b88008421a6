/**
 * Rows to train on and rows to score on. Seeded and stratified: each class (of a number: each tenth of its range of
 * ranks) gives its share of test rows, and keeps at least one row for training.
 */
import { random } from "../traintask/random.ts";
import { DataError } from "./error.ts";
import type { Target } from "./target.ts";

export interface Split {
  /** Row numbers, 0-based, ascending; each row is in exactly one of the two. */
  readonly train: Uint32Array<ArrayBuffer>;
  readonly test: Uint32Array<ArrayBuffer>;
}

/** What the generator's numbers are for ("split" in ASCII): beyond the indices that trees and columns have. */
const splitStream = 0x73_70_6c_69_74;

/**
 * Splits the rows of a table.
 * @param testFraction from 0 to below 1, as a decimal string of at most 6 places
 * @throws DataError when no row would be left to train on
 */
export function splitRows(target: Target, options: { testFraction: string; seed: number }): Split {
  const millionths = Math.round(Number(options.testFraction) * 1e6);
  const groups = strata(target);
  const rows = groups.reduce((sum, group) => sum + group.length, 0);
  const takes = shares(groups, Math.floor((rows * millionths + 500_000) / 1_000_000));
  const generator = random(options.seed, splitStream);
  const isTest = new Uint8Array(rows);
  groups.forEach((group, index) => {
    // A partial Fisher-Yates shuffle: the first `take` places hold a uniform choice.
    for (let place = 0; place < takes[index]!; place++) {
      const other = place + generator.below(group.length - place);
      [group[place], group[other]] = [group[other]!, group[place]!];
      isTest[group[place]!] = 1;
    }
  });
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const split = { train: all.filter((row) => isTest[row] === 0), test: all.filter((row) => isTest[row] === 1) };
  if (split.train.length === 0) throw new DataError(`testFraction ${options.testFraction} leaves no row to train on.`);
  return split;
}

/** Rows by class, or by tenth of the target's order. */
function strata(target: Target): number[][] {
  if (target.problemType === "classification") {
    const groups = target.classes.map((): number[] => []);
    target.codes.forEach((code, row) => groups[code]!.push(row));
    return groups.filter((group) => group.length > 0);
  }
  const { values } = target;
  const order = Uint32Array.from({ length: values.length }, (_, row) => row).toSorted(
    (a, b) => values[a]! - values[b]! || a - b,
  );
  const groups = Array.from({ length: 10 }, (): number[] => []);
  order.forEach((row, rank) => groups[Math.floor((rank * 10) / order.length)]!.push(row));
  return groups.filter((group) => group.length > 0);
}

/** Shares of `total` by size: whole parts first, then the largest remainders, ties to the first group. */
function shares(groups: readonly (readonly number[])[], total: number): number[] {
  const rows = groups.reduce((sum, group) => sum + group.length, 0);
  const takes = groups.map((group) => Math.min(group.length - 1, Math.floor((group.length * total) / rows)));
  let left = total - takes.reduce((sum, take) => sum + take, 0);
  const byRemainder = groups
    .map((group, index) => ({ index, remainder: (group.length * total) % rows }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    if (takes[index]! >= groups[index]!.length - 1) continue;
    takes[index]! += 1;
    left -= 1;
  }
  return takes;
}
