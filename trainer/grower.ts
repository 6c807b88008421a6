/**
 * What grows the trees, seen from the rest of the trainer. In a pod it is a worker thread (thread.ts), so that the main
 * thread is always free for progress, uploads and SIGTERM; what runs in there is training.ts.
 */
import type { CurvePoint } from "./curve.ts";
import type { HttpSettings } from "./http.ts";
import type { Metric } from "./metrics.ts";

/** Known once the data is read. */
export interface Prepared {
  /** The model's first line, without a line break. */
  readonly header: string;
  /** Name and version of the code that grows. */
  readonly grower: string;
  readonly trees: number;
  readonly rows: { readonly train: number; readonly test: number };
  readonly columns: number;
  readonly problemType: "classification" | "regression";
  readonly warnings: readonly string[];
}

/** How good the forest is so far. */
export interface Snapshot {
  /** Trees counted: those grown here and those added. */
  readonly trees: number;
  readonly score?: string;
  readonly metrics: readonly Metric[];
  readonly curve: readonly CurvePoint[];
}

export interface Grown {
  readonly tree: number;
  /** The tree's line, without a line break. */
  readonly text: string;
  /** As of the last point of the curve: a score costs a pass over the rows. */
  readonly snapshot: Snapshot;
}

/** Calls are served one after the other. Trees are added and grown in the order of their index, each once. */
export interface Grower {
  /** Reads the data. Rejects with DataError, ConfigurationError or TemporaryError. */
  prepare(): Promise<Prepared>;
  /** Counts a tree that was stored before. Rejects with ModelFormatError for a line that is none of this model's. */
  add(text: string): Promise<Snapshot>;
  grow(tree: number): Promise<Grown>;
  /** The report as one line of JSON, without a line break. */
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
