/**
 * What a training pod does for a search, from the first look at what is stored to the report:
 *
 *   report stored? -> done
 *   read the data -> take over the stored trials -> evaluate the others, storing each as it ends -> mark them as done
 *   fit the best pipeline on all rows -> store it as the model -> make the report, store it
 *
 * The model is written once, at the end or when we are asked to stop. A search that was stopped and goes on leaves what it
 * wrote then above what it writes in the end: readers count lines from the last header.
 */
import { modelLines } from "../../model/lines.ts";
import { maxLineBytes } from "../../traintask/contract.ts";
import { isReported, orStop, patiently, type Pod, savingWhenStopped, uploadTo } from "../pod-run.ts";
import { inspectPart, type StoredPart } from "../resume.ts";
import type { Upload } from "../upload.ts";
import type { Kept } from "./keeper.ts";
import type { Prepared, Searcher } from "./searcher.ts";
import { Session } from "./session.ts";
import { type StoredTrials, storedTrials } from "./trials.ts";

export interface SearchPod extends Pod {
  readonly searcher: Searcher;
}

/** How long a search that is stopped works on its best pipeline, before it takes one that is there. */
const lastRefitMs = 10_000;

/**
 * Resolves when everything is durable in the API's store.
 * @throws StoppedError when asked to stop, with all trials and the best pipeline so far saved; other errors as outcomeOf
 *   knows them
 */
export function runSearch(pod: SearchPod): Promise<void> {
  return savingWhenStopped(pod, (giveUp) => searchAndStore(pod, giveUp));
}

async function searchAndStore(pod: SearchPod, giveUp: AbortSignal): Promise<void> {
  const { api, clock, log, progress, stop } = pod;
  if (await isReported(pod)) return log("Everything is stored already.");
  const prepared = await patiently(pod, () => pod.searcher.prepare());
  announce(pod, prepared);
  const stored = await patiently(pod, async () =>
    storedTrials(await api.openStream({ stream: "trials", shard: 0, offset: 0 }), prepared.table.header),
  );
  const part = await patiently(pod, async () =>
    inspectPart(await api.openStream({ stream: "model", shard: 0, offset: 0 })),
  );
  if (stored.records.length > 0) log(`Going on after ${stored.records.length} evaluations of an earlier attempt.`);
  const asked = { total: prepared.strategy.total, unit: "evaluations" } as const;
  const session = new Session(prepared, {
    clock,
    log,
    stop,
    onSnapshot: (snapshot) => progress.update(snapshot, asked),
    maxModelBytes: pod.maxModelBytes - part.length,
    maxLineBytes,
  });
  const trials = uploadTo(pod, { stream: "trials", shard: 0, offset: stored.length }, giveUp);
  progress.begin(stored.records.length);
  const work: Work = { pod, prepared, session, stored, trials, part, giveUp };
  try {
    const { kept, report } = await found(work);
    progress.update(session.lastSnapshot(kept), asked);
    progress.complete();
    const model = await storeModel(work, session.lines(kept));
    await model.finish();
    const stream = uploadTo(pod, { stream: "report", shard: 0, offset: 0 }, giveUp);
    stream.add(report);
    await stream.finish();
  } catch (error) {
    // Whatever ended the search: what was evaluated is worth keeping.
    await trials.flush();
    if (stop.aborted) await storeBestSoFar(work);
    throw error;
  }
  log("Model and report are stored.");
}

interface Work {
  readonly pod: SearchPod;
  readonly prepared: Prepared;
  readonly session: Session;
  readonly stored: StoredTrials;
  readonly trials: Upload;
  /** What earlier attempts have stored of the model. */
  readonly part: StoredPart;
  readonly giveUp: AbortSignal;
}

/** The search itself, its trials stored. */
async function found({ pod, prepared, session, stored, trials, part }: Work): Promise<{ kept: Kept; report: string }> {
  const { header } = prepared.table;
  let of: object = { of: { grower: header.grower, data: header.data, spec: header.spec } };
  const end = await orStop(
    pod,
    session.search({
      stored: stored.records,
      done: stored.done,
      store(record) {
        trials.add(JSON.stringify({ ...record, ...of }));
        of = {};
        return trials.room();
      },
    }),
  );
  if (!stored.done) await trials.finish();
  const kept = await orStop(pod, session.best(end, part.done ? pipelineOf(part) : undefined));
  pod.log(`Best pipeline: ${kept.result.text}`);
  return { kept, report: JSON.stringify(session.report(end, kept)) };
}

async function storeBestSoFar(work: Work): Promise<void> {
  const { pod, session, part } = work;
  const late = new AbortController();
  const fitted = new AbortController();
  void pod.clock.sleep(lastRefitMs, fitted.signal).then(() => late.abort());
  const kept = await session.bestSoFar(late.signal);
  fitted.abort();
  if (kept === undefined || part.done) return;
  const model = await storeModel(work, session.lines(kept));
  await model.flush();
  pod.log(`Best pipeline so far: ${kept.result.text}`);
}

/** Adds what is not stored of these lines, below a header of their own where others are stored. */
async function storeModel({ pod, part, giveUp }: Work, lines: readonly string[]): Promise<Upload> {
  const model = uploadTo(pod, { stream: "model", shard: 0, offset: part.length }, giveUp);
  const known = await linesStored(pod, part, lines);
  for (const line of lines.slice(known)) {
    model.add(line);
    await model.room();
  }
  return model;
}

/** How many of the lines stand below the part's last header, which is the first of them; 0 where others do. */
async function linesStored({ api }: Pod, { header }: StoredPart, lines: readonly string[]): Promise<number> {
  if (header?.text !== lines[0]) return 0;
  const { bytes } = await api.openStream({ stream: "model", shard: 0, offset: header?.at ?? 0 });
  let known = 0;
  for await (const line of modelLines(bytes)) if (line !== lines[known++]) return 0;
  return known;
}

/** Of a model that is done: it was found by an attempt that had no time left for its report. */
function pipelineOf({ header }: StoredPart): string | undefined {
  const { search } = JSON.parse(header?.text ?? "{}") as { search?: { pipeline: string } };
  return search?.pipeline;
}

function announce({ log }: Pod, { table, strategy, spec, processes }: Prepared): void {
  const { data, header, rows, warnings } = table;
  log(
    `Searching with ${header.grower} (${spec.strategy}, ${strategy.total} evaluations at most, ${processes} at a time): ` +
      `${header.problemType} from ${rows.train} rows of ${header.columns.length} columns.`,
  );
  log(`Pipelines are scored by ${data.scorer} in ${data.folds.length} folds.`);
  if (rows.test > 0) log(`${rows.test} rows are held out for scoring.`);
  for (const warning of warnings) log(`warning: ${warning}`);
}
