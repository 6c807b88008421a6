/**
 * Predictions, made in a thread that is started when first asked and ended after a minute without work. One question
 * at a time; a thread that dies of a huge model, or takes too long, takes only that question with it.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "../../kube/clock.ts";
import { turns } from "../artifacts/turns.ts";
import { Problem } from "../problem.ts";
import type { RowsFormat } from "./answer.ts";
import type { FromWorker, ToWorker, WorkerData } from "./messages.ts";

const idleMs = 60_000;
const patienceMs = 60_000;
const maxWaiting = 64;

export interface Question {
  /** Digest of the model. */
  readonly model: string;
  readonly sizeBytes: number;
  /** Its bytes, read when the thread does not have it. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
  readonly format: RowsFormat;
  readonly body: Uint8Array;
}

export interface Predictors {
  /**
   * The answer's body, JSON.
   * @throws Problem 400 for rows that the model cannot take, 413 for a model that is too large, 503 when it is too busy or too slow
   */
  predict(question: Question): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function predictors({ clock, maxBytes }: { clock: Clock; maxBytes: number }): Predictors {
  let worker: Worker | undefined;
  let waiting = 0;
  let cancelIdle = (): void => undefined;
  const inTurn = turns();

  const end = async (): Promise<void> => {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  const start = (): Worker => {
    const data: WorkerData = { maxBytes };
    return new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
  };

  const ask = async (question: Question): Promise<Uint8Array> => {
    cancelIdle();
    worker ??= start();
    try {
      return await converse(worker, question, clock);
    } catch (error) {
      // Whatever state the thread is in, the next question gets a new one.
      if (!(error instanceof Problem) || error.status >= 500) await end();
      throw error;
    } finally {
      cancelIdle = clock.after(idleMs, () => void end());
    }
  };

  return {
    async predict(question) {
      if (question.sizeBytes > maxBytes)
        throw new Problem({
          status: 413,
          detail: `The model has ${question.sizeBytes} bytes; models of at most ${maxBytes} are predicted with here. Download it and predict with it locally.`,
        });
      if (waiting >= maxWaiting)
        throw new Problem({
          status: 503,
          detail: "Too many predictions wait already.",
          headers: { "retry-after": "1" },
        });
      waiting += 1;
      try {
        return await inTurn("worker", () => ask(question));
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      cancelIdle();
      await end();
    },
  };
}

/** One question to the thread, with the model if it asks for that. */
async function converse(worker: Worker, question: Question, clock: Clock): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  let source: AsyncIterator<Uint8Array> | undefined;
  const send = (message: ToWorker): void => worker.postMessage(message);
  const sendPiece = async (): Promise<void> => {
    source ??= question.bytes()[Symbol.asyncIterator]();
    const piece = await source.next();
    send({ kind: "piece", bytes: piece.done === true ? undefined : piece.value });
  };
  const heard = (message: FromWorker): void => {
    if (message.kind === "more") sendPiece().catch(reject);
    else if (message.kind === "answer") resolve(message.body);
    else if (message.kind === "refusal") reject(new Problem(message.problem));
    else reject(new Error(`the prediction thread failed: ${message.message}`));
  };
  const died = (cause: unknown): void =>
    reject(
      new Problem({ status: 503, detail: "The prediction took more memory than there is; try fewer rows.", cause }),
    );
  worker.on("message", heard).on("error", died).on("exit", died);
  const cancel = clock.after(patienceMs, () =>
    reject(new Problem({ status: 503, detail: "The prediction took too long; try fewer rows." })),
  );
  send({
    kind: "predict",
    model: question.model,
    sizeBytes: question.sizeBytes,
    format: question.format,
    body: question.body,
  });
  try {
    return await promise;
  } finally {
    cancel();
    worker.off("message", heard).off("error", died).off("exit", died);
    await source?.return?.();
  }
}
