/** Guards of the run of a search. */
import type { Guard } from "./guard.ts";

const evaluate = { file: "trainer/search/evaluate.ts", test: "trainer/search/evaluate.test.ts" };
const fitStep = { file: "trainer/search/fit-step.ts", test: "trainer/search/evaluate.test.ts" };
const process = { file: "trainer/search/trial-process.ts", test: "trainer/search/trial-process.test.ts" };
const pool = { file: "trainer/search/pool.ts", test: "trainer/search/pool.test.ts" };

export const guards: Guard[] = [
  {
    ...evaluate,
    name: "a fold's missing values are filled from the other rows alone",
    find: "const filling = input.read(fitInput(rows, columns), shapeOf(this.data));",
    replace: "const filling = input.read(fitInput(x, columns), shapeOf(this.data));",
  },
  {
    ...evaluate,
    name: "an equal beginning is computed once",
    find: "if (kept !== undefined) return kept;",
    replace: "",
  },
  {
    ...evaluate,
    name: "what a fold has made is not taken for another's",
    find: 'const key = `${index} ${step?.prefix ?? ""}`;',
    replace: 'const key = step?.prefix ?? "";',
  },
  {
    ...evaluate,
    name: "an ensemble never goes on from one that is larger",
    find: "kept === undefined || kept.members >= members ||",
    replace: "kept === undefined ||",
  },
  {
    ...fitStep,
    name: "columns are capped",
    find: "if (columns > fitting.maxColumns) {",
    replace: "if (columns > Infinity) {",
  },
  {
    ...fitStep,
    name: "memory is looked at before it is taken",
    find: 'checkBytes("would take", needed, fitting);',
    replace: "",
  },
  {
    ...fitStep,
    name: "memory is looked at before columns are made",
    find: 'checkBytes("would make", 8 * x.rows * read.columns, fitting);',
    replace: "",
  },
  {
    ...fitStep,
    name: "numbers that are none end the trial",
    find: "if (!output.values.every(Number.isFinite))",
    replace: "if (output.rows < 0)",
  },
  {
    ...process,
    name: "a trial's memory is watched",
    find: "if (residentBytes(this.#child.pid) > this.#limits.memoryBytes)",
    replace: "if (residentBytes(undefined) > this.#limits.memoryBytes)",
  },
  {
    ...process,
    name: "a trial's time is watched",
    find: "if (this.#clock.monotonic() - begin > timeMs)",
    replace: "if (this.#clock.monotonic() - begin > Infinity)",
  },
  {
    ...process,
    name: "a full heap is memory and no crash",
    find: "if (fullHeapSignals.has(signal) || code === 134",
    replace: "if (code === 134",
  },
  {
    name: "Ctrl-C leaves trials to the trainer",
    file: "trainer/search/trial-child.ts",
    find: 'process.on("SIGINT", () => undefined);',
    replace: "",
    test: process.test,
  },
  {
    ...pool,
    name: "a trial is not blamed for what others left in memory",
    find: "if (isDropped || !isKilled || orders === 0) return answer;",
    replace: "return answer;",
  },
  {
    ...pool,
    name: "a process that has ended gets no work",
    find: "if (process.ended) this.#end(process);\n      else void",
    replace: "void",
  },
  {
    ...pool,
    name: "dropped trials leave refits alone",
    find: 'drop(isGivenUp = (order: Job["order"]): boolean => "evaluate" in order)',
    replace: 'drop(isGivenUp = (order: Job["order"]): boolean => "evaluate" in order || true)',
  },
  {
    name: "a pipeline that cannot be fitted on all rows is not tried again",
    file: "trainer/search/keeper.ts",
    find: "|| this.#failed.has(result.text)) return;",
    replace: ") return;",
    test: "trainer/search/keeper.test.ts",
  },
  {
    name: "stored trials are not evaluated again",
    file: "trainer/search/search.ts",
    find: "if (stored !== undefined) {",
    replace: "if (stored === null) {",
    test: "trainer/search/search.test.ts",
  },
  {
    name: "trials of other data are never gone on with",
    file: "trainer/search/trials.ts",
    find: "if (isOurs) records.push(record);",
    replace: "records.push(record);",
    test: "trainer/search/trials.test.ts",
  },
  {
    name: "a search that is done evaluates nothing",
    file: "trainer/search/session.ts",
    find: "if (done || stop.aborted) over.abort();",
    replace: "",
    test: "trainer/search/run.test.ts",
  },
  {
    name: "a search that is stopped leaves its best pipeline",
    file: "trainer/search/run.ts",
    find: "if (stop.aborted) await storeBestSoFar(work);",
    replace: "",
    test: "trainer/search/run-stopped.test.ts",
  },
  {
    name: "the time of earlier attempts counts",
    file: "trainer/search/session.ts",
    find: "(spec.maxTimeSeconds - before) * 1000",
    replace: "spec.maxTimeSeconds * 1000",
    test: "trainer/search/run-stopped.test.ts",
  },
  {
    name: "a model that is stored is not written twice",
    file: "trainer/search/run.ts",
    find: "for (const line of lines.slice(known)) {",
    replace: "for (const line of lines) {",
    test: "trainer/search/run-stopped.test.ts",
  },
];
