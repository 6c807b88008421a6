/** One line of a bench's table: what we take, what the reference takes in the same run, and the ratio of the two. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  readonly unit: string;
  /** ours / reference. */
  readonly ratio: number;
  /** The least and the greatest ratio of a round, where there were several. */
  readonly range?: readonly [number, number];
  /** The ratio that we want to stay below; above, where more is better. */
  readonly goal?: number;
  readonly better?: "less" | "more";
  /** What the reader has to know besides. */
  readonly note?: string;
}

/** What was asked for behind the bench's name. */
export interface Asked {
  /** Only rows whose names contain each of these. */
  readonly words: readonly string[];
  /** In place of the bench's own number. */
  readonly rounds?: number;
  /** Whether a reference that is kept beside the bench is recorded first. */
  readonly record?: boolean;
}
