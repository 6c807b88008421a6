/**
 * The report on a model of several parts. Whichever pod finds all of them done reads them and counts their lines by
 * index, as one pod would have that had grown them all: so the report is the same whoever makes it, and however often.
 */
import { ModelFormatError } from "../model/errors.ts";
import type { Prepared, Snapshot } from "./grower.ts";
import { partLines } from "./part-lines.ts";
import { patience, type PodRun, patiently } from "./pod-run.ts";
import { continues, inspectPart } from "./resume.ts";
import { unobserved } from "./unobserved.ts";

/** Bytes of all parts together that are in memory at a time. */
const windowsBytes = 32 << 20;

/**
 * @throws DataError where a part was grown from other data; ConfigurationError where one was grown for another task or
 *   by another version; ModelFormatError where a line is broken or missing
 */
export async function wholeReport(pod: PodRun, { header, indices, total, unit, ahead }: Prepared): Promise<string> {
  const { grower, share } = pod;
  if (indices.length === total) return grower.report();
  const parts = [];
  for (let shard = 0; shard < share.shards; shard++) parts.push(await linesOfPart(pod, shard, header));
  await grower.recount();
  const counting: Promise<Snapshot>[] = [];
  for (let index = 0; index < total; index++) {
    const line = await parts[index % share.shards]!.next();
    if (line.done === true)
      throw new ModelFormatError(`the part of shard ${index % share.shards} ends before tree ${index}`);
    if (counting.length === ahead) await counting.shift();
    counting.push(unobserved(grower.add(line.value)));
  }
  const counted = (await Promise.all(counting)).at(-1);
  // The last word is about the whole forest, and not about this pod's trees.
  if (counted !== undefined) pod.progress.update(counted, { total, unit });
  return grower.report();
}

/** The lines of a part below its header, which must be ours. */
async function linesOfPart(pod: PodRun, shard: number, header: string): Promise<AsyncGenerator<string, void>> {
  const { api, share } = pod;
  const part = await patiently(pod, async () =>
    inspectPart(await api.openStream({ stream: "model", shard, offset: 0 })),
  );
  if (!continues(part, header)) throw new ModelFormatError(`the part of shard ${shard} is done without a header`);
  const windowBytes = Math.ceil(windowsBytes / share.shards);
  const lines = partLines(api, { shard, at: part.header?.at ?? 0 }, { ...patience(pod), windowBytes });
  await lines.next();
  return lines;
}
