/**
 * What a training pod does, from the first look at what is stored to the report:
 *
 *   report stored? -> done
 *   read the data -> take over the stored lines -> grow the others, storing each -> mark the part as done
 *   no part open?  -> make the report on all parts, store it
 *
 * Nothing here depends on how often it was begun before, nor on how many pods share the model: runs that were killed
 * anywhere end in the same bytes.
 */
import { growPart, takeOver } from "./grow-part.ts";
import type { Prepared } from "./grower.ts";
import { isReported, orStop, patiently, type PodRun, savingWhenStopped, uploadTo } from "./pod-run.ts";
import { inspectPart } from "./resume.ts";
import { wholeReport } from "./whole-report.ts";

export type { PodRun } from "./pod-run.ts";

/**
 * Resolves when everything is durable in the API's store.
 * @throws StoppedError when asked to stop, with everything saved that was grown; other errors as outcomeOf knows them
 */
export function run(pod: PodRun): Promise<void> {
  return savingWhenStopped(pod, (giveUp) => train(pod, giveUp));
}

async function train(pod: PodRun, giveUp: AbortSignal): Promise<void> {
  const { api, grower, log, share } = pod;
  const { shard } = share;
  if (await isReported(pod)) return log("Everything is stored already.");
  const prepared = await patiently(pod, () => grower.prepare());
  announce(pod, prepared);
  const part = await patiently(pod, async () =>
    inspectPart(await api.openStream({ stream: "model", shard, offset: 0 })),
  );
  const stored = await orStop(pod, takeOver(pod, part, prepared));
  const model = uploadTo(pod, { stream: "model", shard, offset: part.length }, giveUp);
  if (stored === undefined) model.add(prepared.header);
  try {
    await growPart(pod, { prepared, model, from: stored ?? 0 });
  } catch (error) {
    // Whatever ended the growing: what is grown is worth keeping.
    await model.flush();
    throw error;
  }
  const open = await model.finish();
  if (open.length > 0) return log(`This part is done; ${open.length} others are still growing.`);
  const text = await orStop(pod, wholeReport(pod, prepared));
  const stream = uploadTo(pod, { stream: "report", shard: 0, offset: 0 }, giveUp);
  stream.add(text);
  await stream.finish();
  log("Model and report are stored.");
}

function announce({ log, share }: PodRun, { rows, columns, indices, total, unit, ...prepared }: Prepared): void {
  const { problemType, warnings, grower } = prepared;
  const what = indices.length === total ? `${total} ${unit}` : `${indices.length} of ${total} ${unit}`;
  log(`Growing ${what} with ${grower}: ${problemType} from ${rows.train} rows of ${columns} columns.`);
  if (share.shards > 1) log(`This is shard ${share.shard} of ${share.shards}.`);
  if (rows.test > 0) log(`${rows.test} rows are held out for scoring.`);
  for (const warning of warnings) log(`warning: ${warning}`);
}
