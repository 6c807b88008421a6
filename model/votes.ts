/**
 * Adding what trees say of rows. Trees count in the order given, so that the sums have the same bits wherever they are made.
 */
import { type CompactTree, leafByThreshold, leafOf } from "./compact.ts";

export interface Voter {
  readonly tree: CompactTree;
  /** Which of a row's sums a leaf's number is added to; of a leaf with classes the first of theirs. */
  readonly output: number;
}

/** A table by rows, in the two forms that trees compare; only what the trees at hand need is asked for. */
export interface VotersTable {
  readonly rows: number;
  readonly columns: number;
  codes(): Uint8Array;
  values(): Float64Array;
}

/** @param sums `outputs` per row, added to */
export function addVotes(voters: readonly Voter[], table: VotersTable, sums: Float64Array): void {
  const outputs = sums.length / table.rows;
  let codes: Uint8Array | undefined;
  let values: Float64Array | undefined;
  for (const { tree, output } of voters) {
    const { start, entry, classOf } = tree;
    if (tree.thresholds === undefined) codes ??= table.codes();
    else values ??= table.values();
    for (let row = 0; row < table.rows; row++) {
      const place = { stride: 1, at: row * table.columns };
      const leaf = tree.thresholds === undefined ? leafOf(tree, codes!, place) : leafByThreshold(tree, values!, place);
      const end = start[leaf + 1]!;
      for (let k = start[leaf]!; k < end; k++) {
        const at = row * outputs + output + (classOf.length === 0 ? 0 : classOf[k]!);
        sums[at] = sums[at]! + entry[k]!;
      }
    }
  }
}
