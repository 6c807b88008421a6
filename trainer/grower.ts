/**
 * What grows the lines of a model, seen from the rest of the trainer: trees of a forest, or iterations of boosting. In a
 * pod it is a worker thread (thread.ts), so that the main thread is always free for progress, uploads and SIGTERM; what
 * runs in there is training.ts.
 */
import type { CurvePoint } from "./curve.ts";
import type { HttpSettings } from "./http.ts";
import type { Metric } from "./metrics.ts";

/** What a line below the header is, in the plural. */
export type Unit = "trees" | "iterations";

/** Known once the data is read. */
export interface Prepared {
  /** The model's first line, without a line break. */
  readonly header: string;
  /** Name and version of the code that grows. */
  readonly grower: string;
  readonly unit: Unit;
  /** Lines below the header in the whole model. Boosting may end before. */
  readonly total: number;
  /** Indices of the lines that are this shard's, ascending. */
  readonly indices: readonly number[];
  /** How many lines to ask for ahead, so that no thread waits. */
  readonly ahead: number;
  readonly rows: { readonly train: number; readonly test: number };
  readonly columns: number;
  readonly problemType: "classification" | "regression";
  readonly warnings: readonly string[];
}

/** How good the model is so far. */
export interface Snapshot {
  /** Lines counted: those grown here and those added. */
  readonly trees: number;
  readonly score?: string;
  readonly metrics: readonly Metric[];
  readonly curve: readonly CurvePoint[];
}

export interface Grown {
  readonly index: number;
  /** The line, without a line break. */
  readonly text: string;
  /** As of the last point of the curve: a score costs a pass over the rows. */
  readonly snapshot: Snapshot;
}

/** Calls are answered in the order in which they were made. Lines are added and grown in that of `indices`, each once. */
export interface Grower {
  /** Reads the data. Rejects with DataError, ConfigurationError or TemporaryError. */
  prepare(): Promise<Prepared>;
  /** Counts a line that was stored before. Rejects with ModelFormatError for a line that is none of this model's. */
  add(text: string): Promise<Snapshot>;
  /** Undefined where no line is left because early stopping has ended the growth. */
  grow(index: number): Promise<Grown | undefined>;
  /** Forgets what was counted: from now on the lines of all shards are added, by their index, for the report. */
  recount(): Promise<void>;
  /** The report on the lines counted, as one line of JSON, without a line break. */
  report(): Promise<string>;
  /** Ends it, in the middle of a tree if need be; calls that wait are rejected with StoppedError. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where a thread finds data that is not in the task itself; plain values, for they cross into the thread. */
export interface DataAccess {
  /** A file that stands for the data source. */
  readonly file?: string;
  /** The file of a ConfigMap or a volume. */
  readonly datasetFile?: string;
  /** The API, for traintask://datasets/... */
  readonly api?: HttpSettings & { readonly namespace: string; readonly name: string };
}
