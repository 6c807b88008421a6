/**
 * Generated tables, for trying things out, as CSV text: they take the same way as any other data. Numbers have six
 * decimals, so that the last digit of a machine's sine does not change the data.
 *
 * `uniform`: columns uniform in [0, 1) and a target that is 0 or 1 by chance, nothing to be learned: what the program
 * that this project replaces trained on. `friedman1`: J. H. Friedman, "Multivariate adaptive regression splines",
 * Annals of Statistics 19 (1991), equation 61: y = 10 sin(pi x1 x2) + 20 (x3 - 1/2)^2 + 10 x4 + 5 x5 + noise, and
 * further columns that do not matter.
 */
import { type Random, random } from "../traintask/random.ts";
import type { SyntheticSpec } from "../traintask/dataset.ts";
import { DataError } from "./error.ts";
import type { ProblemType } from "./target.ts";

/** The name of the column to predict; the others are x1, x2 and so on. */
export const syntheticTarget = "y";

/** The uniform data's 0 and 1 are classes. */
export function syntheticProblemType({ kind }: SyntheticSpec): ProblemType {
  return kind === "uniform" ? "classification" : "regression";
}

/**
 * CSV text in chunks of whole lines, the same for the same spec.
 * @throws DataError for friedman1 with fewer than 5 columns
 */
export function* syntheticCsv(spec: SyntheticSpec): Generator<string> {
  if (spec.kind === "friedman1" && spec.columns < 5) {
    throw new DataError(`dataset.synthetic: friedman1 needs at least 5 columns, not ${spec.columns}.`);
  }
  const names = Array.from({ length: spec.columns }, (_, index) => `x${index + 1}`);
  const generator = random(spec.seed);
  let text = `${[...names, syntheticTarget].join(",")}\n`;
  for (let row = 0; row < spec.rows; row++) {
    const millionths = names.map(() => generator.below(1_000_000));
    const target = spec.kind === "uniform" ? generator.below(2) : friedman1(millionths, Number(spec.noise), generator);
    text += `${[...millionths.map((x) => x / 1e6), target].join(",")}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield text;
}

function friedman1(millionths: readonly number[], noise: number, generator: Random): number {
  const [x1, x2, x3, x4, x5] = millionths.map((x) => x / 1e6) as [number, number, number, number, number];
  const y = 10 * Math.sin(Math.PI * x1 * x2) + 20 * (x3 - 0.5) ** 2 + 10 * x4 + 5 * x5;
  return Math.round((y + noise * normal(generator)) * 1e6) / 1e6;
}

/** Standard normal: G. E. P. Box and M. E. Muller (1958). Two uniform draws each. */
function normal(generator: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - generator.uniform()));
  return radius * Math.cos(2 * Math.PI * generator.uniform());
}
