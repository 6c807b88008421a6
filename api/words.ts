/**
 * The latest word of a task's trainers, as the store has it. Each shard's pod tells of its own trees; the word of the task
 * is made of all of them, by whoever asks.
 */
import { progressSchema } from "../traintask/progress.ts";
import type { Progress } from "../traintask/progress.ts";
import { combinedProgress } from "../traintask/shards.ts";
import type { TrainTask } from "../traintask/task.ts";
import { ahead } from "./artifacts/read-ahead.ts";
import type { ArtifactStore } from "./artifacts/store.ts";

type Reads = Pick<ArtifactStore, "progressOf">;

/** Undefined before any of its pods has said something. */
export async function latestWord(store: Reads, { metadata, spec }: TrainTask): Promise<Progress | undefined> {
  if (spec.shards === 1) return parseProgress(await store.progressOf(metadata.uid));
  const words = new Map<number, Progress>();
  const texts = ahead(shardsOf(spec.shards), wordBytes, (shard) => store.progressOf(metadata.uid, shard));
  let shard = 0;
  for await (const text of texts) {
    const word = parseProgress(text);
    if (word !== undefined) words.set(shard, word);
    shard += 1;
  }
  return combinedProgress(words, { shards: spec.shards, trees: spec.trainer.randomForest?.nEstimators ?? 1 });
}

/** About as large as a word is. */
const wordBytes = (): number => 1024;

async function* shardsOf(count: number): AsyncGenerator<number> {
  for (let shard = 0; shard < count; shard++) yield shard;
}

/** The word was stored without waiting for the disk: after a power cut it may be anything. */
function parseProgress(text: string | undefined): Progress | undefined {
  if (text === undefined) return undefined;
  try {
    return progressSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
