/** `npm run train` for a search: as in a pod, but what is found goes to a file, and nothing is kept of the trials. */
import { StoppedError } from "../errors.ts";
import { systemClock } from "../clock.ts";
import type { Searcher } from "../search/searcher.ts";
import type { SearchReport } from "../search/search-report.ts";
import { Session } from "../search/session.ts";
import { progressBar } from "./progress-bar.ts";

export interface FoundModel {
  /** Header and steps, without line breaks. */
  readonly lines: readonly string[];
  readonly report: SearchReport;
}

/** @throws StoppedError when the signal aborts, and as Session does */
export async function foundModel(searcher: Searcher, stop: AbortSignal): Promise<FoundModel> {
  const prepared = await searcher.prepare();
  const asked = { total: prepared.strategy.total, unit: "evaluations" } as const;
  const bar = progressBar(process.stderr, asked, () => systemClock.monotonic());
  const session = new Session(prepared, {
    clock: systemClock,
    // What a generation has found stands in the bar, and what failed in the report.
    log: () => undefined,
    onSnapshot: (snapshot) => bar.draw(snapshot),
    maxModelBytes: Number.MAX_SAFE_INTEGER,
    maxLineBytes: Number.MAX_SAFE_INTEGER,
    stop,
  });
  try {
    const end = await session.search({ stored: [], done: false, store: async () => undefined });
    const kept = await session.best(end);
    if (stop.aborted) throw new StoppedError("Asked to stop.");
    return { lines: session.lines(kept), report: session.report(end, kept) };
  } finally {
    bar.clear();
  }
}
