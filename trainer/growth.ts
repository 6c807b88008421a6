/** How the lines of one kind of model come into being: forest-growth.ts and boosting-growth.ts, driven by training.ts. */
import type { HeaderLine, IterationLine, TreeLine } from "../model/format.ts";
import type { Forest } from "./forest/forest.ts";
import type { Unit } from "./grower.ts";

/** A line below the header. */
export type Line = TreeLine | IterationLine;

/** A line and its text, without a line break. */
export interface MadeLine {
  readonly line: Line;
  readonly text: string;
}

/** What the grower knows of the header, whichever kind of model it is. */
export type GrowerHeader = HeaderLine extends infer H ? (H extends HeaderLine ? Omit<H, TableFields> : never) : never;
type TableFields = "kind" | "version" | "data" | "spec" | "target";

/** The votes of a forest's trees on rows that they did not see. */
export type Votes = Pick<Forest, "addOutOfBag" | "outOfBag" | "outOfBagPredictions">;

export interface Growth {
  readonly header: GrowerHeader;
  readonly unit: Unit;
  /** Lines of the whole model; boosting may end before. */
  readonly total: number;
  /** How many lines to ask for ahead, so that no thread waits. */
  readonly ahead: number;
  /** Begins at once. Undefined where early stopping has ended the growth. */
  grow(index: number): Promise<MadeLine | undefined>;
  /** Takes over a stored line: each that is to precede what is grown, in order. */
  take(line: Line): void;
  /** Of a forest, without any vote yet. */
  votes(): Votes | undefined;
  close(): Promise<void>;
}

export const indexOf = (line: Line): number => (line.kind === "tree" ? line.tree : line.iteration);
