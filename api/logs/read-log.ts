/** A task's log as one text, from the parts of its pods: the same while they run and after they are gone. */
import type { Api } from "../api.ts";
import { parsePodPartName } from "../artifacts/pod-part.ts";
import type { PartState } from "../artifacts/store.ts";
import { terminalCondition } from "../../traintask/state.ts";

export interface LogRange {
  readonly uid: string;
  /** First and last attempt wanted. */
  readonly from: number;
  readonly to: number;
}

type Needs = Pick<Api, "artifacts" | "cache" | "clock" | "notices">;
type NamedPart = PartState & { readonly name: string };

/** Looks again after this time even if nobody said that something was stored. */
const lookAgainMs = 1000;
/** An ended task whose log never becomes whole is not waited for longer than this. */
const lastRounds = 30;

/** Parts of these attempts, in the order of attempts and then of time. */
export async function logParts(api: Pick<Api, "artifacts">, { uid, from, to }: LogRange): Promise<NamedPart[]> {
  const parts = await api.artifacts.parts(uid, "log");
  const attempt = (part: NamedPart): number => parsePodPartName(part.name).attempt;
  return parts
    .filter((part) => attempt(part) >= from && attempt(part) <= to)
    .toSorted((a, b) => attempt(a) - attempt(b));
}

/** What is stored now. */
export async function* readLog(api: Pick<Api, "artifacts">, range: LogRange): AsyncGenerator<Uint8Array> {
  for (const { name, length } of await logParts(api, range)) {
    yield* api.artifacts.read({ task: range.uid, stream: "log", name }, { to: length });
  }
}

/** What is stored, and what comes, until the attempts are over or the signal aborts. */
export async function* followLog(api: Needs, range: LogRange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const sent = new Map<string, number>();
  for (let round = 0; !signal.aborted;) {
    const wake = new AbortController();
    const stopListening = api.notices.listen(range.uid, () => wake.abort());
    try {
      const over = isOver(api, range, round);
      const parts = await logParts(api, range);
      let news = false;
      for (const { name, length } of parts) {
        const from = sent.get(name) ?? 0;
        if (length <= from) continue;
        yield* api.artifacts.read({ task: range.uid, stream: "log", name }, { from, to: length });
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
