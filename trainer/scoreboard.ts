/**
 * How good the forest is, tree by tree: votes on held-out rows and out of the bag, and the learning curve. A score costs
 * a pass over the rows, so it is taken at the points of the curve only; votes are counted with each tree.
 */
import type { Split } from "../data/split.ts";
import type { Target } from "../data/target.ts";
import type { TreeLine } from "../model/format.ts";
import { type CurvePoint, isCurvePoint } from "./curve.ts";
import type { Forest } from "./forest/forest.ts";
import type { Snapshot } from "./grower.ts";
import type { HeldOut } from "./held-out.ts";
import type { Metric } from "./metrics.ts";
import { type Scores, scoresOn, scoreText } from "./report.ts";

export interface ScoreboardOptions {
  readonly target: Target;
  readonly split: Split;
  readonly forest: Pick<Forest, "addOutOfBag" | "outOfBag" | "outOfBagPredictions">;
  readonly heldOut: HeldOut;
  /** Trees asked for. */
  readonly trees: number;
}

export class Scoreboard {
  readonly curve: CurvePoint[] = [];
  readonly #options: ScoreboardOptions;
  #trees = 0;
  #snapshot: Snapshot = { trees: 0, metrics: [], curve: [] };

  constructor(options: ScoreboardOptions) {
    this.#options = options;
  }

  /** Counts a tree; each once, in the order of their index. @returns the scores as of the last point of the curve */
  count(line: TreeLine): Snapshot {
    const { forest, heldOut, trees } = this.#options;
    forest.addOutOfBag(line);
    heldOut.add(line);
    this.#trees += 1;
    if (isCurvePoint(this.#trees, trees)) {
      const point = this.#mainScore();
      if (point !== undefined) this.curve.push({ trees: this.#trees, score: point.value });
      this.#snapshot = this.snapshot();
    }
    return { ...this.#snapshot, trees: this.#trees };
  }

  /** The scores of all trees counted. */
  snapshot(): Snapshot {
    const main = this.#mainScore();
    const outOfBag = this.#options.forest.outOfBag();
    const held = this.heldOut()?.metrics ?? [];
    return {
      trees: this.#trees,
      ...(main === undefined ? {} : { score: scoreText(main.metric, main.value) }),
      metrics: [
        ...held.map(({ name, value }): Metric => ({ name: `held_out_${name}`, value })),
        ...(outOfBag === undefined ? [] : [{ name: `out_of_bag_${outOfBag.metric}`, value: outOfBag.score }]),
      ],
      curve: [...this.curve],
    };
  }

  /** On rows that no tree was grown from; undefined where there are none. */
  heldOut(): Scores | undefined {
    const { target, split, heldOut } = this.#options;
    return this.#trees === 0 ? undefined : scoresOn(target, split.test, heldOut.predictions());
  }

  /** On each row by the trees that had left it out; undefined without bootstrap. */
  outOfBag(): Scores | undefined {
    const { target, split, forest } = this.#options;
    return forest.outOfBag() && scoresOn(target, split.train, forest.outOfBagPredictions());
  }

  /** Held out if there are test rows, else out-of-bag. */
  #mainScore(): { metric: "accuracy" | "r2"; value: number } | undefined {
    const { target, split, forest } = this.#options;
    if (split.test.length === 0) {
      const outOfBag = forest.outOfBag();
      return outOfBag && { metric: outOfBag.metric, value: outOfBag.score };
    }
    const metric = target.problemType === "classification" ? "accuracy" : "r2";
    const value = this.heldOut()?.metrics.find(({ name }) => name === metric)?.value;
    return value === undefined ? undefined : { metric, value };
  }
}
