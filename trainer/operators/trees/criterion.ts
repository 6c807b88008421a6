/** What a tree is grown by: between the grower (grow.ts) and the two kinds of target. */
import type { NodeColumn } from "./node-column.ts";

/** The rows of the node at hand: those of `rows` from `start` to before `end`, none twice. */
export interface NodeRows {
  readonly rows: Int32Array;
  start: number;
  end: number;
}

/** The value of a leaf as model/steps/forest.ts reads it: a number, a class, or `[class, weight, class, weight, ...]`. */
export type Leaf = number | readonly number[];

/** Cuts are scored: the greater, the purer the two sides. A side has at least as many rows as a leaf must have. */
export interface Criterion<L extends Leaf> {
  /** By row: above 0 for each that a tree is grown from. */
  readonly weight: Float64Array;
  /** The score of the node as it is: a cut's minus this is what the cut is worth. */
  readonly own: number;
  /** Of the cut that `cutAnywhere` found last. */
  readonly score: number;
  /** Adds the node up. @returns whether it is pure */
  enter(node: NodeRows): boolean;
  /**
   * The first of the best cuts between two different numbers, if its score is above `least`.
   * @param column sorted
   * @returns the index among the column's places of the first that goes right; -1: there is none
   */
  cutAnywhere(column: NodeColumn, least: number): number;
  /** The score of the cut that sends places from `place` on right; -Infinity where it leaves a side too small. */
  cutAt(column: NodeColumn, place: number): number;
  /** Of the node entered last. */
  leaf(node: NodeRows): L;
}
