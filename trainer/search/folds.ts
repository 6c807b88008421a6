/**
 * Folds of a cross-validation: of the size, and for classes with the class counts, of scikit-learn's KFold and
 * StratifiedKFold; which rows are in which fold is decided by the seed. (TPOT's folds follow the order of the table, so a
 * sorted table misleads it.)
 */
import { type Random, random } from "../../traintask/random.ts";
import { ConfigurationError } from "../errors.ts";
import type { Target } from "../operators/operator.ts";

/** What the generator's numbers are for ("folds" in ASCII). */
const stream = 0x66_6f_6c_64_73;

/**
 * @returns for each fold its test rows, ascending; each row is in exactly one of them
 * @throws {ConfigurationError} for more folds than rows
 */
export function folds(target: Target, { cv, seed }: { cv: number; seed: number }): readonly Int32Array[] {
  const generator = random(seed, stream);
  return foldsBy(target, cv, (numbers) => shuffle(numbers, generator));
}

/** @param reorder puts fold numbers, or rows, into another order in place; with none, these are scikit-learn's folds */
export function foldsBy(target: Target, cv: number, reorder: (numbers: Int32Array) => void): readonly Int32Array[] {
  const rows = target.problemType === "regression" ? target.values.length : target.codes.length;
  if (rows < cv)
    throw new ConfigurationError(`spec.trainer.search.cv: ${cv} folds of ${rows} rows would leave some empty.`, {
      advice: rows < 2 ? "A search needs more rows to train on." : `Set cv to at most ${rows}, or add rows.`,
    });
  const foldOf =
    target.problemType === "regression" ? evenFolds(rows, cv, reorder) : stratifiedFolds(target, cv, reorder);
  return Array.from({ length: cv }, (_, fold) =>
    Int32Array.from({ length: rows }, (__, row) => row).filter((row) => foldOf[row] === fold),
  );
}

/** The first folds have a row more where the rows cannot be dealt evenly. */
function evenFolds(rows: number, cv: number, reorder: (numbers: Int32Array) => void): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  reorder(order);
  const foldOf = new Int32Array(rows);
  const [least, larger] = [Math.floor(rows / cv), rows % cv];
  order.forEach((row, place) => {
    const inLarger = larger * (least + 1);
    foldOf[row] = place < inLarger ? Math.floor(place / (least + 1)) : larger + Math.floor((place - inLarger) / least);
  });
  return foldOf;
}

/**
 * The rows in the order of their classes are dealt round the folds like cards, which says how many rows of each class
 * every fold gets; which ones these are, the order of the table and `reorder` say. Classes are taken as they first occur.
 */
function stratifiedFolds(
  { codes, classes }: Extract<Target, { problemType: "classification" }>,
  cv: number,
  reorder: (numbers: Int32Array) => void,
): Int32Array {
  const rowsOf = Array.from({ length: classes }, (): number[] => []);
  codes.forEach((code, row) => rowsOf[code]!.push(row));
  const byFirst = rowsOf.filter((rows) => rows.length > 0).toSorted((a, b) => a[0]! - b[0]!);
  const foldOf = new Int32Array(codes.length);
  let dealt = 0;
  for (const rows of byFirst) {
    const foldNumbers = Int32Array.from(rows, () => dealt++ % cv).toSorted();
    reorder(foldNumbers);
    rows.forEach((row, place) => (foldOf[row] = foldNumbers[place]!));
  }
  return foldOf;
}

/** Fisher-Yates, from the front. */
function shuffle(numbers: Int32Array, generator: Random): void {
  for (let place = 0; place < numbers.length; place++) {
    const other = place + generator.below(numbers.length - place);
    [numbers[place], numbers[other]] = [numbers[other]!, numbers[place]!];
  }
}
