/**
 * Adding what trees say of rows. Trees count in the order given, so that the sums have the same bits wherever they are made.
 */
import { leafByThreshold, leafOf } from "./compact.ts";
import { type Voter, Walkers } from "./walkers.ts";

export type { Voter } from "./walkers.ts";

/** A table by rows, in the two forms that trees compare; only what the trees at hand need is asked for. */
export interface VotersTable {
  readonly rows: number;
  readonly columns: number;
  codes(): Uint8Array;
  values(): Float64Array;
}

/** So many rows walk together that most splits part some, and so few that what is read of them stays in the cache. */
const rowsTogether = 16_384;

/** @param sums as many numbers per row as there are outputs, added to */
export function addVotes(voters: readonly Voter[], table: VotersTable, sums: Float64Array): void {
  const { columns } = table;
  const outputs = sums.length / table.rows;
  let codes: Uint8Array | undefined;
  let values: Float64Array | undefined;
  for (let first = 0; first < table.rows; first += rowsTogether) {
    const rows = Math.min(rowsTogether, table.rows - first);
    const [from, end] = [first * columns, (first + rows) * columns];
    const part = sums.subarray(first * outputs, (first + rows) * outputs);
    let walkers: Walkers | undefined;
    for (const voter of voters)
      if (voter.tree.thresholds === undefined) {
        codes ??= table.codes();
        // A row alone has none to walk with.
        if (rows === 1) addLeaf(voter, leafOf(voter.tree, codes, { stride: 1, at: from }), { sums: part, at: 0 });
        else (walkers ??= new Walkers(codes.subarray(from, end), rows, part)).add(voter);
      } else {
        values ??= table.values();
        addByThreshold(voter, { rows, values: values.subarray(from, end) }, part);
      }
  }
}

interface Values {
  readonly rows: number;
  /** Row by row. */
  readonly values: Float64Array;
}

/** To the sums of each row adds what is in its leaf, in a tree with thresholds. */
function addByThreshold(voter: Voter, { rows, values }: Values, sums: Float64Array): void {
  const [columns, outputs] = [values.length / rows, sums.length / rows];
  for (let row = 0; row < rows; row++) {
    const leaf = leafByThreshold(voter.tree, values, { stride: 1, at: row * columns });
    addLeaf(voter, leaf, { sums, at: row * outputs });
  }
}

interface Sums {
  readonly sums: Float64Array;
  /** Where those of the row begin. */
  readonly at: number;
}

function addLeaf({ tree, output }: Voter, leaf: number, { sums, at }: Sums): void {
  const { start, entry, classOf } = tree;
  for (let k = start[leaf]!; k < start[leaf + 1]!; k++)
    sums[at + output + (classOf.length > 0 ? classOf[k]! : 0)]! += entry[k]!;
}
