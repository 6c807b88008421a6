/** The learning curve: the score at up to 20 points, as numbers for the report and as blocks for a terminal. */

/** Of a forest: the score with so many trees. */
export interface TreePoint {
  readonly trees: number;
  readonly score: number;
}

/** Of boosting: the score after so many iterations, and the loss of the last of them. */
export interface IterationPoint {
  readonly iterations: number;
  /** Higher is better: the main score on held-out rows, or the negative loss where no row is held out. */
  readonly score: number;
  readonly loss: { readonly train: number; readonly validation?: number };
}

/** Of a search: the best score, in its scorer's unit, once this generation has ended. */
export interface GenerationPoint {
  readonly generation: number;
  readonly score: number;
}

export type CurvePoint = TreePoint | IterationPoint | GenerationPoint;

const maxPoints = 20;
const blocks = "▁▂▃▄▅▆▇█";

/** Whether the score after so many trees of `total` is a point of the curve: 20 of them, evenly spaced, the last included. */
export function isCurvePoint(trees: number, total: number): boolean {
  const points = Math.min(maxPoints, total);
  return Math.floor((trees * points) / total) > Math.floor(((trees - 1) * points) / total);
}

/**
 * Points of a curve whose end is not known, as boosting may stop at any time: each iteration at first; whenever there are
 * 20 every other one is dropped, and from then on only every second, fourth ... is taken.
 */
export class OpenCurve {
  #points: IterationPoint[] = [];
  #stride = 1;

  /** Whether the state after so many iterations is a point. */
  wants(iterations: number): boolean {
    return iterations % this.#stride === 0;
  }

  push(point: IterationPoint): void {
    this.#points.push(point);
    if (this.#points.length < maxPoints) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 1);
    this.#stride *= 2;
  }

  /** At most 20 points, the last of them `last`. */
  endingWith(last: IterationPoint): IterationPoint[] {
    return [...this.#points.filter(({ iterations }) => iterations < last.iterations), last];
  }
}

/** At most 20 of the points, evenly spaced, the last one included. */
export function sampled<T>(points: readonly T[]): readonly T[] {
  return points.filter((_, index) => isCurvePoint(index + 1, points.length));
}

/** One block character a point, the lowest score a low block and the highest a full one; "" without points. */
export function curveText(points: readonly CurvePoint[]): string {
  const scores = points.map(({ score }) => score);
  const least = Math.min(...scores);
  const span = Math.max(...scores) - least;
  return scores
    .map((score) => (span === 0 ? blocks[3] : blocks[Math.min(7, Math.floor(((score - least) / span) * 8))]))
    .join("");
}
