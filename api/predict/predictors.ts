/**
 * Predictions, made in a thread that is started when first asked and ended after a minute without work. One question
 * at a time; a thread that dies of a huge model, or takes too long, takes only that question with it.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "../../kube/clock.ts";
import { turns } from "./turns.ts";
import { Problem } from "../problem.ts";
import type { RowsFormat } from "./answer.ts";
import type { FromWorker, ToWorker, WorkerData } from "./messages.ts";

const idleMs = 60_000;
const patienceMs = 60_000;
const maxWaiting = 64;
const heapMegabytes = 1024;

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

export interface PredictorsOptions {
  readonly clock: Clock;
  /** Largest model, and of all models in memory together. */
  readonly maxBytes: number;
}

export function predictors(options: PredictorsOptions): Predictors {
  return new PredictionThread(options);
}

class PredictionThread implements Predictors {
  readonly #options: PredictorsOptions;
  readonly #inTurn = turns();
  #worker: Worker | undefined;
  #waiting = 0;
  #cancelIdle = (): void => undefined;

  constructor(options: PredictorsOptions) {
    this.#options = options;
  }

  async predict(question: Question): Promise<Uint8Array> {
    const { maxBytes } = this.#options;
    if (question.sizeBytes > maxBytes)
      throw new Problem({
        status: 413,
        detail: `The model has ${question.sizeBytes} bytes; with more than ${maxBytes}, download it and predict locally.`,
      });
    if (this.#waiting >= maxWaiting)
      throw new Problem({ status: 503, detail: "Too many predictions wait already.", headers: { "retry-after": "1" } });
    this.#waiting += 1;
    try {
      return await this.#inTurn("thread", () => this.#ask(question));
    } finally {
      this.#waiting -= 1;
    }
  }

  async #ask(question: Question): Promise<Uint8Array> {
    this.#cancelIdle();
    this.#worker ??= this.#start();
    try {
      return await converse(this.#worker, question, this.#options.clock);
    } catch (error) {
      // Whatever state the thread is in, the next question gets a new one.
      if (!(error instanceof Problem) || error.status >= 500) await this.close();
      throw error;
    } finally {
      this.#cancelIdle = this.#options.clock.after(idleMs, () => void this.close());
    }
  }

  #start(): Worker {
    const data: WorkerData = { maxBytes: this.#options.maxBytes };
    const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: data, resourceLimits });
    // An idle thread does not keep the process alive, nor does its death end it.
    worker.unref();
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }

  async close(): Promise<void> {
    this.#cancelIdle();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
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
