/** What the API and its prediction thread say to each other: one question at a time. */
import type { ProblemOptions } from "../problem.ts";
import type { RowsFormat } from "./answer.ts";

export type ToWorker =
  | {
      readonly kind: "predict";
      readonly model: string;
      readonly sizeBytes: number;
      readonly format: RowsFormat;
      readonly body: Uint8Array;
    }
  /** A piece of the model that was asked for; undefined is its end. */
  | { readonly kind: "piece"; readonly bytes: Uint8Array | undefined };

export type FromWorker =
  /** The model is not in the thread's memory; send the next piece of it. */
  | { readonly kind: "more" }
  /** The answer's body, JSON. */
  | { readonly kind: "answer"; readonly body: Uint8Array }
  | { readonly kind: "refusal"; readonly problem: Omit<ProblemOptions, "cause"> }
  | { readonly kind: "failure"; readonly message: string };

export interface WorkerData {
  /** Bytes of model files that may be in memory at once; each takes about half of that when read. */
  readonly maxBytes: number;
}
