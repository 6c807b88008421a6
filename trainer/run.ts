/**
 * What a training pod does, from the first look at what is stored to the report:
 *
 *   report stored? -> done
 *   read the data -> take over the stored trees -> grow the others, storing each -> mark the part as done
 *   no part open?  -> make the report, store it
 *
 * Nothing here depends on how often it was begun before: a run that was killed anywhere ends in the same bytes.
 */
import type { Api } from "./api.ts";
import type { UploadOptions } from "./chunk-sender.ts";
import type { TrainerClock } from "./clock.ts";
import { StoppedError, type TemporaryError } from "./errors.ts";
import type { Grower, Grown, Prepared, Snapshot } from "./grower.ts";
import type { Log } from "./log.ts";
import { checkLineSize, checkModelSize } from "./model-size.ts";
import type { ProgressReporter } from "./progress.ts";
import { continues, inspectPart, type StoredPart, storedTrees } from "./resume.ts";
import { retrying } from "./retry.ts";
import { untilAborted } from "./stop.ts";
import { Upload } from "./upload.ts";

export interface PodRun {
  readonly api: Api;
  readonly grower: Grower;
  readonly clock: TrainerClock;
  readonly log: Log;
  readonly progress: ProgressReporter;
  readonly shard: number;
  readonly maxModelBytes: number;
  /** Aborts when we are asked to stop. */
  readonly stop: AbortSignal;
}

/** How long the API may be away. Longer than a restart of it: what was grown since would have to be grown again. */
const patienceMs = 15 * 60_000;
/** How long saving may take once we are asked to stop: within the grace period of most pods. */
const savingMs = 45_000;
/** Trees asked for ahead, so that the training thread never waits for this one. */
const ahead = 2;

/**
 * Resolves when everything is durable in the API's store.
 * @throws StoppedError when asked to stop, with everything saved that was grown; other errors as outcomeOf knows them
 */
export async function run(pod: PodRun): Promise<void> {
  const ended = new AbortController();
  const giveUp = new AbortController();
  const saving = (): void => {
    pod.log("Asked to stop: saving what is grown.");
    void pod.clock.sleep(savingMs, ended.signal).then(() => giveUp.abort());
  };
  pod.stop.addEventListener("abort", saving);
  try {
    await train(pod, giveUp.signal);
  } finally {
    pod.stop.removeEventListener("abort", saving);
    ended.abort();
  }
}

async function train(pod: PodRun, giveUp: AbortSignal): Promise<void> {
  const { api, grower, log, shard } = pod;
  if (await patiently(pod, () => isDone(api, "report"))) return log("Everything is stored already.");
  const prepared = await patiently(pod, () => grower.prepare());
  announce(pod, prepared);
  const part = await patiently(pod, async () =>
    inspectPart(await api.openStream({ stream: "model", shard, offset: 0 })),
  );
  const trees = await orStop(pod, takeOver(pod, part, prepared));
  const model = uploadTo(pod, { stream: "model", shard, offset: part.length }, giveUp);
  if (trees === undefined) model.add(prepared.header);
  try {
    await grow(pod, { prepared, model, from: trees ?? 0 });
  } catch (error) {
    // Whatever ended the growing: what is grown is worth keeping.
    await model.flush();
    throw error;
  }
  const open = await model.finish();
  if (open.length > 0) return log(`This part is done; ${open.length} others are still growing.`);
  const text = await orStop(pod, grower.report());
  const stream = uploadTo(pod, { stream: "report", shard: 0, offset: 0 }, giveUp);
  stream.add(text);
  await stream.finish();
  log("Model and report are stored.");
}

function announce({ log }: PodRun, { rows, columns, trees, problemType, warnings, grower }: Prepared): void {
  log(`Growing ${trees} trees with ${grower}: ${problemType} from ${rows.train} rows of ${columns} columns.`);
  if (rows.test > 0) log(`${rows.test} rows are held out for scoring.`);
  for (const warning of warnings) log(`warning: ${warning}`);
}

/** Counts the trees that are stored. @returns how many, undefined where the part has to begin with our header */
async function takeOver(pod: PodRun, part: StoredPart, { header, trees }: Prepared): Promise<number | undefined> {
  const { api, grower, log, progress, shard } = pod;
  if (!continues(part, header)) {
    if (part.header !== undefined) log("The stored trees were grown by another version: beginning again.");
    return undefined;
  }
  const at = part.header?.at ?? 0;
  let taken = 0;
  let counted: Snapshot | undefined;
  // A reading that breaks off goes on behind the trees that were counted.
  const stored = await retrying(async () => {
    let place = 0;
    return storedTrees(api, { shard, at }, async (text) => {
      if (place++ < taken) return;
      counted = await grower.add(text);
      taken += 1;
    });
  }, patience(pod));
  if (counted !== undefined) progress.update(counted, trees);
  if (stored > 0) log(`Going on after ${stored} trees of an earlier attempt.`);
  return stored;
}

interface Growing {
  readonly prepared: Prepared;
  readonly model: Upload;
  /** The first tree to grow: those before it are stored. */
  readonly from: number;
}

async function grow(pod: PodRun, { prepared: { trees }, model, from }: Growing): Promise<void> {
  const { grower, log, maxModelBytes, progress } = pod;
  const growing: Promise<Grown>[] = [];
  let next = from;
  let told = 0;
  progress.begin(from);
  for (let tree = from; tree < trees; tree++) {
    while (growing.length < ahead && next < trees) growing.push(unobserved(grower.grow(next++)));
    const { text, snapshot } = await orStop(pod, growing.shift()!);
    const bytes = Buffer.byteLength(text) + 1;
    checkLineSize(tree, bytes);
    checkModelSize({ trees: tree + 1, bytes: model.length + bytes, lineBytes: bytes }, { maxModelBytes, trees });
    model.add(text);
    progress.update(snapshot, trees);
    if (snapshot.curve.length > told) {
      told = snapshot.curve.length;
      log(`${snapshot.trees} of ${trees} trees${snapshot.score === undefined ? "" : `, ${snapshot.score}`}`);
    }
    await orStop(pod, model.room());
  }
}

function uploadTo(pod: PodRun, place: Pick<UploadOptions, "stream" | "shard" | "offset">, giveUp: AbortSignal): Upload {
  const { api, clock } = pod;
  return new Upload({ api, clock, ...place, patienceMs, giveUp, onTrouble: onTrouble(pod) });
}

function patience(pod: PodRun): Parameters<typeof retrying>[1] {
  return { clock: pod.clock, patienceMs, signal: pod.stop, onTrouble: onTrouble(pod) };
}

function onTrouble({ log }: PodRun): (error: TemporaryError) => void {
  return ({ message }) => log(`${message} Trying again.`);
}

async function isDone(api: Api, stream: "report"): Promise<boolean> {
  const { done, discard } = await api.openStream({ stream, shard: 0, offset: 0 });
  discard();
  return done;
}

/** Tries again while the API is away; stops at once when asked to. */
function patiently<T>(pod: PodRun, work: () => Promise<T>): Promise<T> {
  return orStop(pod, retrying(work, patience(pod)));
}

function orStop<T>({ stop }: PodRun, promise: Promise<T>): Promise<T> {
  return untilAborted(unobserved(promise), stop, () => new StoppedError("Asked to stop."));
}

/** A promise that nobody may come to wait for: its rejection is then of no interest. */
function unobserved<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
