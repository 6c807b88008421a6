/**
 * Rows that walk through a tree with bins together. At first they stand in one list, and a split parts the stretch of it that
 * comes there into the rows that go left and the others; that needs no row to wait for another. Where few rows are left, that
 * costs more than the walk: these go on by themselves, four at a time, because a step waits for memory, and four wait together.
 * Neither has a branch that would have to be guessed.
 */
import type { CompactTree } from "./compact.ts";

/** A stretch of so many rows is not parted any more. */
const few = 8;

export interface Voter {
  readonly tree: CompactTree;
  /** Which of a row's sums a leaf's number is added to; of a leaf with classes the first of theirs. */
  readonly output: number;
}

export class Walkers {
  /** Each row once, in whatever order the last tree left them. */
  readonly #list: Int32Array;
  /** Of each column the codes of all rows, and then these as they are compared where missing values go left: see compact.ts. */
  readonly #codes: Uint8Array;
  /** Right children that are still to be visited, each with the end of its stretch. Stretches have rows, so no more than rows. */
  readonly #waiting: Int32Array;
  /** Rows that go on by themselves, and from which node: twice its index, then their leaf. */
  readonly #alone: Int32Array;
  readonly #places: Int32Array;
  readonly #sums: Float64Array;

  /**
   * @param codes row by row, as in encode.ts
   * @param sums as many numbers per row as there are outputs, added to
   */
  constructor(codes: Uint8Array, rows: number, sums: Float64Array) {
    const columns = codes.length / rows;
    this.#list = Int32Array.from({ length: rows }, (_, row) => row);
    this.#codes = new Uint8Array(codes.length * 2);
    this.#waiting = new Int32Array(rows * 2);
    this.#alone = new Int32Array(rows + 3);
    this.#places = new Int32Array(rows + 3);
    this.#sums = sums;
    for (let row = 0, from = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, from++) {
        const to = column * 2 * rows + row;
        this.#codes[to] = codes[from]!;
        this.#codes[to + rows] = codes[from]! + 1;
      }
  }

  /** To the sums of each row adds what is in its leaf. */
  add(voter: Voter): void {
    const alone = this.#walkTogether(voter);
    if (alone === 0) return;
    this.#walkAlone(voter.tree, alone);
    this.#addLeaves(voter, alone);
  }

  /** @returns how many rows go on alone */
  #walkTogether({ tree, output }: Voter): number {
    const { nodes, start, entry, classOf } = tree;
    const [list, waiting, sums] = [this.#list, this.#waiting, this.#sums];
    const outputs = sums.length / list.length;
    let [node, first, end, depth, alone] = [0, 0, list.length, 0, 0];
    for (;;) {
      const split = nodes[node * 2]!;
      const rightOrLeaf = nodes[node * 2 + 1]!;
      if (split >= 0 && end - first > few) {
        const middle = this.#part(split, first, end);
        node = middle === first ? rightOrLeaf : node + 1;
        if (middle === first || middle === end) continue;
        waiting[depth++] = rightOrLeaf;
        waiting[depth++] = end;
        end = middle;
        continue;
      }
      if (split >= 0)
        for (let i = first; i < end; i++, alone++) {
          this.#alone[alone] = list[i]!;
          this.#places[alone] = node * 2;
        }
      else
        for (let k = start[rightOrLeaf]!; k < start[rightOrLeaf + 1]!; k++) {
          const to = output + (classOf.length > 0 ? classOf[k]! : 0);
          for (let i = first; i < end; i++) {
            const at = list[i]! * outputs + to;
            sums[at] = sums[at]! + entry[k]!;
          }
        }
      if (depth === 0) return alone;
      first = end;
      end = waiting[--depth]!;
      node = waiting[--depth]!;
    }
  }

  /**
   * Brings the rows of a stretch that go left before the others.
   * @returns where the others begin
   */
  #part(split: number, first: number, end: number): number {
    const [list, codes] = [this.#list, this.#codes];
    const from = (split >> 8) * list.length;
    const limit = split & 255;
    let middle = first;
    for (let i = first; i < end; i++) {
      const row = list[i]!;
      // A row that goes right is there only until the next one comes.
      list[i] = list[middle]!;
      list[middle] = row;
      middle += 1 - ((limit - codes[from + row]!) >>> 31);
    }
    return middle;
  }

  /** Of so many rows alone finds the leaves. */
  #walkAlone({ nodes }: CompactTree, count: number): void {
    const [rows, places, codes, stride] = [this.#alone, this.#places, this.#codes, this.#list.length];
    // The last one again, so that there are always four.
    for (let i = count; i % 4 !== 0; i++) {
      rows[i] = rows[count - 1]!;
      places[i] = places[count - 1]!;
    }
    /** A leaf stays where it is. */
    const step = (at: number, row: number): number => {
      const split = nodes[at]!;
      if (split < 0) return at;
      const goesRight = ((split & 255) - codes[(split >> 8) * stride + row]!) >>> 31;
      const left = at + 2;
      return left + (nodes[at + 1]! * 2 - left) * goesRight;
    };
    for (let i = 0; i < count; i += 4) {
      const [row, row1, row2, row3] = [rows[i]!, rows[i + 1]!, rows[i + 2]!, rows[i + 3]!];
      let [at, at1, at2, at3] = [places[i]!, places[i + 1]!, places[i + 2]!, places[i + 3]!];
      while ((nodes[at]! & nodes[at1]! & nodes[at2]! & nodes[at3]!) >= 0) {
        at = step(at, row);
        at1 = step(at1, row1);
        at2 = step(at2, row2);
        at3 = step(at3, row3);
      }
      places[i] = nodes[at + 1]!;
      places[i + 1] = nodes[at1 + 1]!;
      places[i + 2] = nodes[at2 + 1]!;
      places[i + 3] = nodes[at3 + 1]!;
    }
  }

  #addLeaves({ tree, output }: Voter, count: number): void {
    const { start, entry, classOf } = tree;
    const [rows, leaves, sums] = [this.#alone, this.#places, this.#sums];
    const outputs = sums.length / this.#list.length;
    const hasClasses = classOf.length > 0;
    for (let i = 0; i < count; i++) {
      const at = rows[i]! * outputs + output;
      const leaf = leaves[i]!;
      const end = start[leaf + 1]!;
      for (let k = start[leaf]!; k < end; k++) {
        const to = hasClasses ? at + classOf[k]! : at;
        sums[to] = sums[to]! + entry[k]!;
      }
    }
  }
}
