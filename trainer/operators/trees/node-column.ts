/**
 * The rows of a node in the order of one column. Their places are distinct integers below the number of rows, so they are
 * sorted without comparing numbers: a few by insertion, more by marking each in a set of bits and reading that from the
 * lowest on. A second set says which words of the first are not empty, so that a few rows of a large table cost little.
 */
import type { NodeRows } from "./criterion.ts";
import type { SortedTable } from "./sorted-table.ts";

/** Up to so many places insertion is quicker. */
const few = 16;

export class NodeColumn {
  readonly #table: SortedTable;
  readonly #words: Int32Array;
  readonly #nonempty: Int32Array;
  /** Places of the node's rows in the column that was read last, in the order of the rows; ascending after `sort`. */
  readonly places: Int32Array;
  size = 0;
  /** Where the column begins in the table's arrays. */
  base = 0;
  /** Row `i` of the places, unsorted, is `rows[start + i]`. */
  rows: Int32Array;
  start = 0;
  #least = 0;
  #greatest = 0;

  constructor(table: SortedTable) {
    this.#table = table;
    this.places = new Int32Array(table.rows);
    this.rows = this.places;
    this.#words = new Int32Array(Math.ceil(table.rows / 32));
    this.#nonempty = new Int32Array(Math.ceil(table.rows / 1024));
  }

  /** @returns whether the column has two different numbers in the node */
  read(column: number, { rows, start, end }: NodeRows): boolean {
    const { places } = this;
    const { place, value } = this.#table;
    const base = column * this.#table.rows;
    let least = place[base + rows[start]!]!;
    let greatest = least;
    for (let i = start; i < end; i++) {
      const p = place[base + rows[i]!]!;
      places[i - start] = p;
      if (p < least) least = p;
      if (p > greatest) greatest = p;
    }
    this.rows = rows;
    this.start = start;
    this.size = end - start;
    this.base = base;
    this.#least = least;
    this.#greatest = greatest;
    return value[base + least]! < value[base + greatest]!;
  }

  /** Its least number in the node. */
  get low(): number {
    return this.#table.value[this.base + this.#least]!;
  }

  /** Its greatest number in the node. */
  get high(): number {
    return this.#table.value[this.base + this.#greatest]!;
  }

  /** The first place whose number is above the threshold, which is at least `low` and below `high`. */
  placeAbove(threshold: number): number {
    const { value } = this.#table;
    let [from, to] = [this.#least + 1, this.#greatest];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (value[this.base + middle]! > threshold) to = middle;
      else from = middle + 1;
    }
    return to;
  }

  sort(): void {
    if (this.size <= few) this.#insert();
    else if (this.size === this.places.length) for (let p = 0; p < this.size; p++) this.places[p] = p;
    else this.#readMarks();
  }

  #insert(): void {
    const { places, size } = this;
    for (let i = 1; i < size; i++) {
      const p = places[i]!;
      let at = i;
      for (; at > 0 && places[at - 1]! > p; at--) places[at] = places[at - 1]!;
      places[at] = p;
    }
  }

  #mark(): void {
    const { places, size } = this;
    const words = this.#words;
    const nonempty = this.#nonempty;
    // A shift takes its distance modulo 32.
    for (let i = 0; i < size; i++) {
      const p = places[i]!;
      words[p >>> 5]! |= 1 << p;
      nonempty[p >>> 10]! |= 1 << (p >>> 5);
    }
  }

  #readMarks(): void {
    this.#mark();
    const { places } = this;
    const words = this.#words;
    const nonempty = this.#nonempty;
    let at = 0;
    for (let group = this.#least >>> 10; group <= this.#greatest >>> 10; group++) {
      let left = nonempty[group]!;
      nonempty[group] = 0;
      for (; left !== 0; left &= left - 1) {
        const word = group * 32 + 31 - Math.clz32(left & -left);
        let bits = words[word]!;
        words[word] = 0;
        for (; bits !== 0; bits &= bits - 1) places[at++] = word * 32 + 31 - Math.clz32(bits & -bits);
      }
    }
  }
}
