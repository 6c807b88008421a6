/**
 * The search's table: the Flask program's task, measured beside TPOT in the same run, then eight data sets, three splits of
 * each, beside what is recorded of TPOT on the same rows with the same number of evaluations. Words choose data sets;
 * rows about all of them appear when none is left out.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Asked, BenchRow } from "../row.ts";
import { NoPythonError, runPython } from "../trainer/python.ts";
import { flaskRows } from "./flask.ts";
import { type OurSearch, scoreOurs, searchOurs } from "./ours.ts";
import { type Compared, rowsOfAll, rowsOfSet } from "./rows.ts";
import { record, recorded, type Recording } from "./tpot.ts";

/** One split of a data set, as data.py wrote it. */
interface Split {
  readonly name: string;
  readonly split: number;
  readonly classes: boolean;
  readonly train: string;
  readonly test: string;
  readonly digest: string;
}

export async function* run({ words, record: isRecording = false }: Asked): AsyncGenerator<BenchRow> {
  if (isRecording) record();
  const directory = mkdtempSync(path.join(tmpdir(), "traintask-bench-"));
  const isChosen = (name: string): boolean => words.every((word) => name.toLowerCase().includes(word.toLowerCase()));
  try {
    if (isChosen("the Flask program's task")) yield* await flaskRows(directory);
    const tpot = recorded();
    // The path is from the folder of the scripts that runPython knows.
    const splits = runPython<Split[]>("../search/data.py", { folder: directory });
    const names = [...new Set(splits.map(({ name }) => name))];
    const all: Compared[] = [];
    for (const name of names.filter(isChosen)) {
      const ofName = splits.filter((one) => one.name === name);
      if (!ofName.every((split) => isRecorded(split, tpot))) {
        yield notMeasured(name, "TPOT is not recorded on it: npm run bench -- search --record");
        continue;
      }
      const compared: Compared[] = [];
      for (const split of ofName) compared.push(await comparedOn(directory, split, tpot));
      yield* rowsOfSet(name, compared);
      all.push(...compared);
    }
    if (all.length === splits.length) yield* rowsOfAll(names, all);
  } catch (error) {
    if (!(error instanceof NoPythonError)) throw error;
    yield notMeasured("search", error.message);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const notMeasured = (name: string, why: string): BenchRow => ({
  name,
  ours: NaN,
  reference: NaN,
  ratio: NaN,
  unit: "",
  note: `not measured: ${why}`,
});

type Recorded = Recording["searches"][number];
const recordedOf = ({ name, split }: Split, { searches }: Recording): Recorded | undefined =>
  searches.find((one) => one.name === name && one.split === split);
const isRecorded = (split: Split, tpot: Recording): boolean => recordedOf(split, tpot)?.score !== undefined;

async function comparedOn(directory: string, split: Split, tpot: Recording): Promise<Compared> {
  const { name, train, test, classes, digest } = split;
  const theirs = recordedOf(split, tpot)!;
  if (theirs.digest !== digest)
    throw new Error(`${name}: TPOT was recorded on other rows; delete tpot.json and record anew`);
  const ours: OurSearch = await searchOurs(directory, { train, classes, generations: 5, seed: split.split });
  const score = await scoreOurs(ours.model, test, { classes });
  return { name, classes, ours: { ...ours, score }, theirs: { ...theirs, score: theirs.score! } };
}
