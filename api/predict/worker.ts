/**
 * The prediction thread: keeps the models that were used last, so that reading a model and walking its trees never
 * holds up the API's other answers.
 */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { ModelFormatError } from "../../model/errors.ts";
import { modelLines } from "../../model/lines.ts";
import { readModel } from "../../model/predict.ts";
import type { Predictor } from "../../model/predict.ts";
import { Problem } from "../problem.ts";
import { predictRows } from "./answer.ts";
import type { FromWorker, ToWorker, WorkerData } from "./messages.ts";

const { maxBytes } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error("worker.ts runs in a worker thread only");

/** By digest, the least recently used first. */
const models = new Map<string, { readonly predictor: Predictor; readonly sizeBytes: number }>();

function say(message: FromWorker): void {
  port?.postMessage(message);
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const heard = once(port!, "message") as Promise<[ToWorker]>;
    say({ kind: "more" });
    const [message] = await heard;
    if (message.kind !== "piece" || message.bytes === undefined) return;
    yield message.bytes;
  }
}

async function model(digest: string, sizeBytes: number): Promise<Predictor> {
  const known = models.get(digest);
  models.delete(digest);
  let held = [...models.values()].reduce((sum, one) => sum + one.sizeBytes, sizeBytes);
  for (const [oldest, one] of models) {
    if (held <= maxBytes) break;
    models.delete(oldest);
    held -= one.sizeBytes;
  }
  const predictor = known?.predictor ?? (await read());
  models.set(digest, { predictor, sizeBytes });
  return predictor;
}

/** @throws Problem 409 for the model of a container that has a format of its own */
async function read(): Promise<Predictor> {
  try {
    return await readModel(modelLines(pieces()));
  } catch (cause) {
    if (!(cause instanceof ModelFormatError)) throw cause;
    throw new Problem({
      status: 409,
      detail: `The model is not of the format that TrainTask predicts with: ${cause.message}. Download it to use it.`,
      cause,
    });
  }
}

async function answer(message: ToWorker): Promise<void> {
  if (message.kind !== "predict") return;
  try {
    const predictor = await model(message.model, message.sizeBytes);
    const predictions = await predictRows(predictor, message.format, message.body);
    say({ kind: "answer", body: Buffer.from(JSON.stringify({ predictions }) + "\n") });
  } catch (error) {
    if (error instanceof Problem)
      say({
        kind: "refusal",
        problem: { status: error.status, detail: error.message, errors: error.errors, extra: error.extra },
      });
    else say({ kind: "failure", message: String(error) });
  }
}

port.on("message", (message: ToWorker) => void answer(message));
