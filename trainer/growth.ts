/** How the lines of one kind of model come into being: forest-growth.ts and boosting-growth.ts, driven by training.ts. */
import type { BoostingHeaderLine, ForestHeaderLine, IterationLine, TreeLine } from "../model/format.ts";
import type { Forest } from "./forest/forest.ts";
import type { Unit } from "./grower.ts";

/** A line below the header. */
export type Line = TreeLine | IterationLine;

/** A line to be counted. */
export interface Countable {
  readonly line: Line;
  /** Of a tree, where a thread of the pool has found them: Forest.outOfBagLeaves. */
  readonly leaves?: Int32Array | undefined;
}

export interface MadeLine extends Countable {
  /** Without a line break. */
  readonly text: string;
}

/** What the grower knows of the header, whichever kind of model it is. */
export type GrowerHeader = Omit<ForestHeaderLine, TableFields> | Omit<BoostingHeaderLine, TableFields>;
type TableFields = "kind" | "version" | "data" | "spec" | "target";

/** The votes of a forest's trees on rows that they did not see. */
export type Votes = Pick<Forest, "addOutOfBag" | "outOfBagPredictions" | "outOfBagProbabilities">;

export interface Growth {
  readonly header: GrowerHeader;
  readonly unit: Unit;
  /** Lines of the whole model; boosting may end before. */
  readonly total: number;
  /** How many lines to ask for ahead, so that no thread waits. */
  readonly ahead: number;
  /** Begins at once. Undefined where early stopping has ended the growth. */
  grow(index: number): Promise<MadeLine | undefined>;
  /** Takes over a stored line; of boosting each that precedes what is grown, in order. Begins at once. */
  take(line: Line): Promise<Countable>;
  /** Of a forest, without any vote yet. */
  votes(): Votes | undefined;
  close(): Promise<void>;
}

export const indexOf = (line: Line): number => (line.kind === "tree" ? line.tree : line.iteration);
