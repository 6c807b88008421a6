/**
 * The upper tail of the F distribution, by the continued fraction of the incomplete beta function (NIST Digital Library
 * of Mathematical Functions, 8.17.22), evaluated by Lentz's method as modified by Thompson and Barnett (1986).
 */
import type { Freedom } from "./f-statistics.ts";

/** The chance that F is at least `statistic` where columns and target have nothing to do with each other. */
export function fSurvival(statistic: number, { between, within }: Freedom): number {
  if (statistic === Infinity) return 0;
  const x = within / (within + between * statistic);
  return regularizedBeta(x, within / 2, between / 2);
}

/** I_x(a, b), for x from 0 to 1 and a and b above 0; to about 1e-13. */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The fraction converges fast only on this side of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  return front * fraction(x, a, b);
}

const tiny = 1e-300;
const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** Stirling's series after the argument is raised to where it is exact to 1e-15 (same library, 5.11.1). */
function logGamma(z: number): number {
  let shift = 0;
  for (; z < 15; z++) shift += Math.log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
