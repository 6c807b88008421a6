/** One count of a model's lines, in the order of their index: how good the model is so far, and the report at the end. */
import type { Split } from "../data/split.ts";
import type { Table } from "../data/table.ts";
import { endBuilder } from "../model/end.ts";
import type { TreesHeaderLine, TreeLine } from "../model/format.ts";
import type { Snapshot } from "./grower.ts";
import type { Countable, Votes } from "./growth.ts";
import { type Report, reportOf } from "./report.ts";
import { Scoreboard } from "./scoreboard.ts";

export interface CountingOptions {
  readonly header: TreesHeaderLine;
  readonly table: Pick<Table, "columns" | "target">;
  readonly split: Split;
  readonly seed: number;
  readonly warnings: readonly string[];
  /** Of a forest. */
  readonly votes: Votes | undefined;
  /** How many lines will be counted, at most. */
  readonly lines: number;
}

export interface Counting {
  count(counted: Countable): Snapshot;
  report(): Report;
}

export function counting(options: CountingOptions): Counting {
  const { header, table, split, seed, warnings, votes, lines } = options;
  let leaves: Int32Array | undefined;
  const forest = votes && { ...votes, addOutOfBag: (line: TreeLine) => votes.addOutOfBag(line, leaves) };
  const scoreboard = new Scoreboard({
    header: ofLines(header, lines),
    ...table,
    split,
    seed,
    ...(forest === undefined ? {} : { forest }),
  });
  const end = endBuilder(header);
  let counted = 0;
  return {
    count(countable) {
      end.add(countable.line);
      counted += 1;
      ({ leaves } = countable);
      return scoreboard.count(countable.line);
    },
    report() {
      const rows = { train: split.train.length, test: split.test.length };
      const { importances } = end.finish();
      return reportOf({ header, rows, lines: counted, importances, scoreboard, warnings });
    },
  };
}

/** A shard sees a forest of its own trees alone. */
function ofLines(header: TreesHeaderLine, lines: number): TreesHeaderLine {
  return header.trainer === "randomForest" ? { ...header, randomForest: { nEstimators: lines } } : header;
}
