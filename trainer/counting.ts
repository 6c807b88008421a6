/** One count of a model's lines, in the order of their index: how good the model is so far, and the report at the end. */
import type { Split } from "../data/split.ts";
import type { Table } from "../data/table.ts";
import { endBuilder } from "../model/end.ts";
import type { HeaderLine } from "../model/format.ts";
import type { Snapshot } from "./grower.ts";
import type { Line, Votes } from "./growth.ts";
import { heldOut } from "./held-out.ts";
import type { Report } from "./report.ts";
import { Scoreboard } from "./scoreboard.ts";

export interface CountingOptions {
  readonly header: HeaderLine;
  readonly table: Table;
  readonly split: Split;
  readonly seed: number;
  readonly warnings: readonly string[];
  /** Of a forest. */
  readonly votes: Votes | undefined;
  /** How many lines will be counted at most. */
  readonly lines: number;
}

export interface Counting {
  count(line: Line): Snapshot;
  report(): Report;
}

export function counting({ header, table, split, warnings, votes, lines }: CountingOptions): Counting {
  const { columns, target } = table;
  if (header.trainer !== "randomForest" || votes === undefined) throw new TypeError("only forests are counted yet");
  const scores = new Scoreboard({
    target,
    split,
    forest: votes,
    trees: lines,
    heldOut: heldOut(header, columns, split.test),
  });
  const end = endBuilder(header);
  return {
    count(line) {
      if (line.kind !== "tree") throw new TypeError("only trees are counted yet");
      end.add(line);
      return scores.count(line);
    },
    report() {
      const { importances, ...lines } = end.finish();
      const trees = "trees" in lines ? lines.trees : 0;
      const outOfBag = scores.outOfBag();
      const held = scores.heldOut();
      const { score } = scores.snapshot();
      return {
        kind: "report",
        version: 1,
        problemType: header.problemType,
        target: header.target,
        ...(header.classes === undefined ? {} : { classes: header.classes }),
        rows: { train: split.train.length, test: split.test.length },
        trees: { grown: trees, asked: header.randomForest.nEstimators },
        ...(score === undefined ? {} : { score }),
        ...(held === undefined ? {} : { heldOut: held }),
        ...(outOfBag === undefined ? {} : { outOfBag }),
        importances: header.columns
          .map((column, index) => ({ column: column.name, importance: importances[index]! }))
          .toSorted((a, b) => b.importance - a.importance),
        curve: scores.curve,
        warnings,
      };
    },
  };
}
