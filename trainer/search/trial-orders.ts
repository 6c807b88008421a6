/** What a trial process is told and what it answers: plain values. */
import type { Trial } from "./evaluate.ts";
import type { Refit, Refitted } from "./refit.ts";
import type { TrialData } from "./trial-data.ts";

/** Why a trial has no score: it took too long, took too much memory, ended its process, or failed and said why. */
export const causes = ["time", "memory", "crash", "error"] as const;
export type Cause = (typeof causes)[number];

export interface TrialError {
  readonly cause: Cause;
  readonly message: string;
  /** Of a refit whose model is larger than is kept: how large it is. */
  readonly modelBytes?: number;
}

export interface Beginning {
  readonly data: TrialData;
  /** Bytes that one step may take beside its input. */
  readonly fitBytes: number;
  /** Bytes that may be kept between trials. */
  readonly cacheBytes: number;
  /** Address of a module with more `operators` and `steps`, for tests. */
  readonly moreOperators?: string | undefined;
}

export type TrialOrder = { readonly begin: Beginning } | { readonly evaluate: Trial } | { readonly refit: Refit };

export type TrialAnswer =
  | { readonly ready: true }
  | { readonly scores: readonly number[] }
  | { readonly refitted: Refitted }
  | { readonly error: TrialError };
