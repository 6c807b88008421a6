/** The grids that TPOT has for trees, thinned, and what of them the growers take. */
import type { Parameter, Parameters } from "../operator.ts";

type Grid = readonly [Parameter, ...Parameter[]];

/** Of an ensemble: members of the whole. */
export const members = 100;

export const treeGrid = {
  minSamplesSplit: [2, 4, 7, 10, 13, 16, 20],
  minSamplesLeaf: [1, 2, 4, 7, 10, 13, 16, 20],
} satisfies Record<string, Grid>;

export const depths: Grid = [3, 1, 2, 4, 5, 6, 8, 10];
export const criteria: Grid = ["gini", "entropy"];
export const learningRates: Grid = [0.1, 0.001, 0.01, 0.5, 1];

/** Shares of columns or of rows. */
export const shares: Grid = [0.5, 0.05, 0.2, 0.35, 0.65, 0.8, 1];

/** Such a share of `count`, rounded down, at least 1. */
export const shareOf = (share: Parameter | undefined, count: number): number =>
  Math.max(1, Math.floor((share as number) * count));

export const number = (parameters: Parameters, name: string): number => parameters[name] as number;
