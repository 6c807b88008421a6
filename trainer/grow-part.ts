/** One shard's part of the model: the lines that earlier attempts have stored are taken over, the others are grown. */
import { grownLines } from "./grown-lines.ts";
import type { Prepared, Snapshot } from "./grower.ts";
import { checkLineSize, checkModelSize } from "./model-size.ts";
import { partLines } from "./part-lines.ts";
import { orStop, patience, type PodRun } from "./pod-run.ts";
import { continues, type StoredPart } from "./resume.ts";
import { unobserved } from "./unobserved.ts";
import type { Upload } from "./upload.ts";

/** What is fetched of the stored part at a time. */
const windowBytes = 8 << 20;

/** Counts the lines that are stored. @returns how many, undefined where the part has to begin with our header */
export async function takeOver(pod: PodRun, part: StoredPart, prepared: Prepared): Promise<number | undefined> {
  const { api, log, progress, share } = pod;
  const { unit, indices, header } = prepared;
  if (!continues(part, header)) {
    if (part.header !== undefined) log(`The stored ${unit} were grown by another version: beginning again.`);
    return undefined;
  }
  const place = { shard: share.shard, at: part.header?.at ?? 0 };
  const counting: Promise<Snapshot>[] = [];
  let stored = 0;
  let counted: Snapshot | undefined;
  const countNext = async (): Promise<void> => {
    counted = await counting.shift();
  };
  for await (const text of partLines(api, place, { ...patience(pod), windowBytes })) {
    // The first line is the header, which is known.
    if (stored++ === 0) continue;
    if (counting.length === prepared.ahead) await countNext();
    counting.push(unobserved(pod.grower.add(text)));
  }
  while (counting.length > 0) await countNext();
  stored -= 1;
  if (counted !== undefined) progress.update(counted, { total: indices.length, unit });
  if (stored > 0) log(`Going on after ${stored} ${unit} of an earlier attempt.`);
  return stored;
}

export interface Growing {
  readonly prepared: Prepared;
  readonly model: Upload;
  /** How many of the shard's lines are stored: those before it. */
  readonly from: number;
}

/** Grows the lines that are not stored, and gives each to the upload. */
export async function growPart(pod: PodRun, { prepared, model, from }: Growing): Promise<void> {
  const { log, maxModelBytes, progress } = pod;
  const { indices, total, unit } = prepared;
  let told = 0;
  let last: Snapshot | undefined;
  progress.begin(from);
  const lines = grownLines(pod.grower, { indices: indices.slice(from), ahead: prepared.ahead });
  for (;;) {
    // A stop does not wait for the line that grows.
    const next = await orStop(pod, lines.next());
    if (next.done === true) break;
    const { index, text, snapshot } = next.value;
    const lineBytes = Buffer.byteLength(text) + 1;
    checkLineSize({ index, bytes: lineBytes, unit });
    const grown = { lines: snapshot.trees, bytes: model.length + lineBytes, lineBytes };
    checkModelSize(grown, { maxModelBytes, total, unit });
    model.add(text);
    last = snapshot;
    progress.update(snapshot, { total: indices.length, unit });
    if (snapshot.curve.length !== told) {
      told = snapshot.curve.length;
      log(`${snapshot.trees} of ${indices.length} ${unit}${snapshot.score === undefined ? "" : `, ${snapshot.score}`}`);
    }
    await orStop(pod, model.room());
  }
  endedEarly(pod, prepared, last?.trees ?? from);
}

/** Where early stopping has ended it, what there is is all there will be. */
function endedEarly({ log, progress }: PodRun, { indices, unit }: Prepared, lines: number): void {
  if (lines >= indices.length) return;
  progress.complete();
  log(`Early stopping ended it after ${lines} of ${indices.length} ${unit}.`);
}
