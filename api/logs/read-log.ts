/**
 * A task's log as one text, from the parts of its pods: the same while they run and after they are gone. Of several
 * shards a line says whose log follows, whenever it is another one's than before.
 */
import type { Api } from "../api.ts";
import { parsePodPartName } from "../artifacts/pod-part.ts";
import type { PodPart } from "../artifacts/pod-part.ts";
import type { PartState } from "../artifacts/store.ts";
import { terminalCondition } from "../../traintask/state.ts";

export interface LogRange {
  readonly uid: string;
  /** First and last attempt wanted. */
  readonly from: number;
  readonly to: number;
  /** The one shard wanted; absent: all. */
  readonly shard?: number;
  /** Whether lines say whose log follows. */
  readonly headings: "none" | "shards";
}

type Needs = Pick<Api, "artifacts" | "cache" | "clock" | "notices">;
type NamedPart = PartState & { readonly name: string } & Pick<PodPart, "attempt" | "shard">;

const newline = 0x0a;
/** Looks again after this time even if nobody said that something was stored. */
const lookAgainMs = 1000;
/** An ended task whose log never becomes whole is not waited for longer than this. */
const lastRounds = 30;

/** Parts of these attempts, in the order of attempts, of shards, and then of time. */
export async function logParts(api: Pick<Api, "artifacts">, range: LogRange): Promise<NamedPart[]> {
  const { uid, from, to, shard } = range;
  const parts = (await api.artifacts.parts(uid, "log")).map((part) => ({ ...parsePodPartName(part.name), ...part }));
  return parts
    .filter((part) => part.attempt >= from && part.attempt <= to && (shard === undefined || part.shard === shard))
    .toSorted((a, b) => a.attempt - b.attempt || a.shard - b.shard);
}

/** What is stored now. */
export async function* readLog(api: Pick<Api, "artifacts">, range: LogRange): AsyncGenerator<Uint8Array> {
  const headed = headings(range);
  for (const part of await logParts(api, range)) {
    yield* headed(part, api.artifacts.read({ task: range.uid, stream: "log", name: part.name }, { to: part.length }));
  }
}

type Pieces = AsyncIterable<Uint8Array>;

/** Puts a line before the log of another shard or attempt than the one before, and ends a line that was cut off there. */
function headings({ headings: wanted }: LogRange): (part: NamedPart, pieces: Pieces) => Pieces {
  let current: string | undefined;
  let lastByte = newline;
  return async function* (part, pieces) {
    const heading = `--- shard ${part.shard}, attempt ${part.attempt} ---\n`;
    for await (const piece of pieces) {
      if (wanted === "shards" && heading !== current) yield Buffer.from((lastByte === newline ? "" : "\n") + heading);
      current = heading;
      lastByte = piece.at(-1) ?? lastByte;
      yield piece;
    }
  };
}

/** What is stored, and what comes, until the attempts are over or the signal aborts. */
export async function* followLog(api: Needs, range: LogRange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const sent = new Map<string, number>();
  const headed = headings(range);
  for (let round = 0; !signal.aborted;) {
    const wake = new AbortController();
    const stopListening = api.notices.listen(range.uid, () => wake.abort());
    try {
      const over = isOver(api, range, round);
      const parts = await logParts(api, range);
      let news = false;
      for (const part of parts) {
        const { name, length } = part;
        const from = sent.get(name) ?? 0;
        if (length <= from) continue;
        yield* headed(part, api.artifacts.read({ task: range.uid, stream: "log", name }, { from, to: length }));
        sent.set(name, length);
        news = true;
      }
      if (over && !news) return;
      round = news ? 0 : round + 1;
      if (!news) await api.clock.sleep(lookAgainMs, AbortSignal.any([signal, wake.signal]));
    } finally {
      stopListening();
    }
  }
}

/** Asked before looking at the parts, so that what was stored before the end is always seen. */
function isOver({ cache }: Needs, { uid, to }: LogRange, round: number): boolean {
  const task = cache.taskByUid(uid);
  if (task === undefined) return true;
  if ((cache.jobOf(uid)?.attempt ?? 0) > to) return true;
  return terminalCondition(task) !== undefined && (task.status.logStored === true || round >= lastRounds);
}
