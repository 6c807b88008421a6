/** One line of a bench's table: what we take, what the reference takes in the same run, and the ratio of the two. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  readonly unit: string;
  /** ours / reference. */
  readonly ratio: number;
  /** The ratio that we want to stay below. */
  readonly goal?: number;
  /** What the reader has to know besides. */
  readonly note?: string;
}
