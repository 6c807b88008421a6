/**
 * All that a search needs once its table is read: what to try next, and processes to try it in. The rows stay here for
 * processes that take the place of others.
 */
import type { PodConfig } from "../../traintask/pod-config.ts";
import type { SearchSpec } from "../../traintask/search.ts";
import { systemClock } from "../clock.ts";
import type { DataAccess } from "../grower.ts";
import { operators } from "../operators/table.ts";
import type { OperatorTable } from "./pipeline.ts";
import { trialPool, type TrialPool } from "./pool.ts";
import { readSearchTable } from "./reading.ts";
import { requireScore } from "./scorers.ts";
import type { SearchTable } from "./search-table.ts";
import { type Strategy, strategyOf } from "./strategy.ts";
import { trialMemory } from "./trial-memory.ts";
import { TrialProcess } from "./trial-process.ts";

export interface Prepared {
  readonly table: SearchTable;
  readonly spec: SearchSpec;
  readonly operators: OperatorTable;
  readonly strategy: Strategy;
  readonly pool: TrialPool;
  /** At most so many trials at a time. */
  readonly processes: number;
}

export interface Searcher {
  /** Reads the data. Rejects with DataError, ConfigurationError or TemporaryError. */
  prepare(): Promise<Prepared>;
  /** Ends it, in the middle of a trial if need be. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface SearcherOptions {
  /** Cores that trials may use. */
  readonly cores: number;
  /** What the pod may have in memory, or the machine. */
  readonly memoryBytes: number;
}

export function processSearcher(
  request: { readonly config: PodConfig; readonly spec: SearchSpec; readonly access: DataAccess },
  { cores, memoryBytes }: SearcherOptions,
): Searcher {
  const ended = new AbortController();
  const clock = systemClock;
  let pool: TrialPool | undefined;
  function close(): void {
    ended.abort();
    pool?.close();
  }
  return {
    async prepare() {
      const { spec } = request;
      const table = await readSearchTable(request, ended.signal);
      const strategy = searchStrategy(table, { spec, operators });
      const { processes: fitting, memoryBytes: most, ...bounds } = trialMemory(table.data.x, memoryBytes);
      const processes = Math.min(cores, fitting);
      const limits = { timeMs: 1000 * spec.maxEvalTimeSeconds, memoryBytes: most };
      const start = (): TrialProcess => new TrialProcess({ data: table.data, ...bounds, limits }, clock);
      pool = trialPool({ start, processes, clock });
      return { table, spec, operators, strategy, pool, processes };
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** @throws ConfigurationError for what cannot be searched in this table as it is asked for */
export function searchStrategy(
  { data, header }: SearchTable,
  { spec, operators: table }: { spec: SearchSpec; operators: OperatorTable },
): Strategy {
  const strategy = strategyOf(spec, { problemType: header.problemType, seed: data.seed, operators: table });
  requireScore(data.scorer, data.target, data.folds);
  return strategy;
}
