/** A tree line's arrays, written node by node in preorder: a split, then its left subtree, then its right one. */
import type { TreeLine } from "../../model/format.ts";
import type { Cut } from "./bag.ts";
import type { Leaf } from "./criterion.ts";

export type TreeArrays = Omit<TreeLine, "kind" | "tree">;

export class TreeWriter {
  readonly #feature: number[] = [];
  readonly #bin: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #value: Leaf[] = [];
  readonly #decreases: Float64Array;

  constructor(columns: number) {
    this.#decreases = new Float64Array(columns);
  }

  leaf(leaf: Leaf): void {
    this.#feature.push(-1);
    this.#value.push(leaf);
  }

  /** @param decrease of the impurity, times the node's weight, in any unit */
  split({ column, bin, missingLeft }: Cut, decrease: number): void {
    if (missingLeft) this.#missingLeft.push(this.#bin.length);
    this.#feature.push(column);
    this.#bin.push(bin);
    // A decrease is never negative; its last bits may say so.
    this.#decreases[column] = this.#decreases[column]! + Math.max(0, decrease);
  }

  finish(): TreeArrays {
    const left = this.#missingLeft.length > 0 ? { missingLeft: this.#missingLeft } : {};
    return {
      feature: this.#feature,
      bin: this.#bin,
      ...left,
      value: this.#value,
      importance: shares(this.#decreases),
    };
  }
}

/** `[column, share, ...]` of the columns with a decrease. */
function shares(decreases: Float64Array): number[] {
  const total = decreases.reduce((sum, decrease) => sum + decrease, 0);
  return Array.from(decreases.entries()).flatMap(([column, decrease]) =>
    decrease > 0 ? [column, decrease / total] : [],
  );
}
