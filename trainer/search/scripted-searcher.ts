/**
 * A search on this very thread, for tests of what is made of it: the trainer's own strategy and evaluation, over the few
 * simple operators of scripted-operators.ts, with other things happening between trials, as there do in a pod.
 */
import type { SearchSpec } from "../../traintask/search.ts";
import { steps as allSteps } from "../../model/steps/table.ts";
import type { PodConfig } from "../../traintask/pod-config.ts";
import { StoppedError } from "../errors.ts";
import { operators as allOperators } from "../operators/table.ts";
import { trainingRequest } from "../request.ts";
import { Evaluator, type Trial } from "./evaluate.ts";
import { type OperatorTable, pipelineText } from "./pipeline.ts";
import type { TrialPool } from "./pool.ts";
import { readHere } from "./reading.ts";
import { refit } from "./refit.ts";
import { operators as scriptedOperators, steps } from "./scripted-operators.ts";
import { type Searcher, searchStrategy } from "./searcher.ts";
import { toldError } from "./told-error.ts";
import type { TrialError } from "./trial-orders.ts";

export interface ScriptedSearch {
  /** Texts of the pipelines that were evaluated, in order, and those that were refitted. */
  readonly evaluated: string[];
  readonly refitted: string[];
  /** What is not to be computed but to be answered. */
  answer?: (trial: Trial) => TrialError | undefined;
  /** As `answer`, of refits. */
  answerRefit?: (text: string) => TrialError | undefined;
  /** How many turns of the event loop go by during a trial. */
  turns?: (trial: Trial) => number;
}

const { standardScaler } = allOperators;
const { mean, times, crowd, throws } = scriptedOperators;
/** Of each kind one or two: enough for a search to have something to find. */
export const fewOperators: OperatorTable = {
  standardScaler,
  mean: mean!,
  times: times!,
  crowd: crowd!,
  throws: throws!,
};

export function scriptedSearcher(
  config: PodConfig,
  search: ScriptedSearch = { evaluated: [], refitted: [] },
  operators = fewOperators,
): Searcher {
  let pool: TrialPool | undefined;
  return {
    async prepare() {
      const { asked } = trainingRequest(config);
      if (asked.trainer !== "search") throw new TypeError("no search");
      const spec: SearchSpec = asked.options;
      const table = await readHere({ config, spec, access: {} });
      const strategy = searchStrategy(table, { spec, operators });
      const known = { operators: { ...allOperators, ...operators }, steps: { ...allSteps, ...steps } };
      const evaluator = new Evaluator(table.data, { ...known, fitBytes: 1 << 24, cacheBytes: 1 << 20 });
      pool = scriptedPool(evaluator, search);
      return { table, spec, operators, strategy, pool, processes: 1 };
    },
    close: () => pool?.close(),
    [Symbol.dispose]: () => pool?.close(),
  };
}

function scriptedPool(evaluator: Evaluator, search: ScriptedSearch): TrialPool {
  let dropped = new AbortController();
  const orError = <T>(work: () => T): T | { readonly error: TrialError } => {
    try {
      return work();
    } catch (thrown) {
      return { error: toldError(thrown) };
    }
  };
  return {
    async evaluate(trial) {
      const ended = dropped.signal;
      await turns(search.turns?.(trial) ?? 2, ended);
      if (ended.aborted) throw new StoppedError("the trial was given up");
      search.evaluated.push(`${trial.members ?? ""}${pipelineText(trial.pipeline)}`);
      const error = search.answer?.(trial);
      const outcome = error === undefined ? orError(() => ({ scores: evaluator.evaluate(trial) })) : { error };
      return { outcome, seconds: 0.5 };
    },
    async refit(order) {
      await turns(2, new AbortController().signal);
      const text = pipelineText(order.pipeline);
      search.refitted.push(text);
      const error = search.answerRefit?.(text);
      return error === undefined ? orError(() => refit(evaluator, order)) : { error };
    },
    drop() {
      dropped.abort();
      dropped = new AbortController();
    },
    close: () => dropped.abort(),
  };
}

async function turns(count: number, ended: AbortSignal): Promise<void> {
  for (let turn = 0; turn < count && !ended.aborted; turn++) await new Promise((resolve) => setImmediate(resolve));
}
