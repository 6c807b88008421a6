/**
 * Adding what trees say of rows. Trees count in the order given, so that the sums have the same bits wherever they are made.
 * A tree is walked by four rows at a time: a step waits for memory, and four wait together.
 */
import { type CompactTree, leafByThreshold } from "./compact.ts";

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

/** @param sums as many numbers per row as there are outputs, added to */
export function addVotes(voters: readonly Voter[], table: VotersTable, sums: Float64Array): void {
  if (table.rows === 0) return;
  const leaves = new Int32Array(table.rows);
  let codes: Uint8Array | undefined;
  let values: Float64Array | undefined;
  for (const voter of voters) {
    if (voter.tree.thresholds === undefined) findLeaves(voter.tree, (codes ??= table.codes()), leaves);
    else findLeavesByThreshold(voter.tree, (values ??= table.values()), leaves);
    addLeaves(voter, leaves, sums);
  }
}

/** @param leaves the leaf of each row, written */
function findLeaves({ nodes }: CompactTree, codes: Uint8Array, leaves: Int32Array): void {
  const columns = codes.length / leaves.length;
  const last = codes.length - columns;
  /** As in leafOf, but without a branch that would have to be guessed. A leaf stays where it is. */
  const step = (at: number, row: number): number => {
    const split = nodes[at]!;
    if (split < 0) return at;
    const code = codes[row + (split >> 9)]!;
    const isAbove = ((split & 255) - code) >>> 31;
    const isMissing = (254 - code) >>> 31;
    const goesRight = isAbove & (1 ^ (isMissing & (split >> 8)));
    const left = at + 2;
    return left + (nodes[at + 1]! * 2 - left) * goesRight;
  };
  for (let first = 0, row = 0; first < leaves.length; first += 4, row += 4 * columns) {
    // Beyond the last row it is that one again.
    const row1 = Math.min(row + columns, last);
    const row2 = Math.min(row1 + columns, last);
    const row3 = Math.min(row2 + columns, last);
    let [at, at1, at2, at3] = [0, 0, 0, 0];
    while ((nodes[at]! & nodes[at1]! & nodes[at2]! & nodes[at3]!) >= 0) {
      at = step(at, row);
      at1 = step(at1, row1);
      at2 = step(at2, row2);
      at3 = step(at3, row3);
    }
    // A write beyond the end of the list is none.
    leaves[first] = nodes[at + 1]!;
    leaves[first + 1] = nodes[at1 + 1]!;
    leaves[first + 2] = nodes[at2 + 1]!;
    leaves[first + 3] = nodes[at3 + 1]!;
  }
}

function findLeavesByThreshold(tree: CompactTree, values: Float64Array, leaves: Int32Array): void {
  const columns = values.length / leaves.length;
  for (let row = 0; row < leaves.length; row++)
    leaves[row] = leafByThreshold(tree, values, { stride: 1, at: row * columns });
}

function addLeaves({ tree, output }: Voter, leaves: Int32Array, sums: Float64Array): void {
  const { start, entry, classOf } = tree;
  const outputs = sums.length / leaves.length;
  const hasClasses = classOf.length > 0;
  for (let row = 0, at = output; row < leaves.length; row++, at += outputs) {
    const leaf = leaves[row]!;
    const end = start[leaf + 1]!;
    for (let k = start[leaf]!; k < end; k++) {
      const to = hasClasses ? at + classOf[k]! : at;
      sums[to] = sums[to]! + entry[k]!;
    }
  }
}
