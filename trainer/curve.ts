/** The learning curve: the score at up to 20 tree counts, as numbers for the report and as blocks for a terminal. */

export interface CurvePoint {
  readonly trees: number;
  readonly score: number;
}

const maxPoints = 20;
const blocks = "▁▂▃▄▅▆▇█";

/** Whether the score after so many trees of `total` is a point of the curve: 20 of them, evenly spaced, the last included. */
export function isCurvePoint(trees: number, total: number): boolean {
  const points = Math.min(maxPoints, total);
  return Math.floor((trees * points) / total) > Math.floor(((trees - 1) * points) / total);
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
